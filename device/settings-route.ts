// What one call of the settings page is to the bridge: a method, a path, a shape of its body, an answer. Called by settings-http,
// and by every part that answers below /settings/api/ (devices, doctor, learning, the instrument's checks).
import type { Guard } from './guards.ts';
import type { Sentence } from './texts.ts';

export type SettingsCall<Body> = {
  /** Who is signed in to the settings. */
  by: Guard;
  body: Body;
  query: URLSearchParams;
  /** How long the session still lasts, milliseconds. */
  leftMs: number;
};

export type SettingsAnswer =
  | { status: 200 | 202; body: unknown }
  /** A refusal: sent as an errorAnswer. */
  | { status: 400 | 404 | 409 | 422 | 500 | 503; code: string; sentence: Sentence };

/** Judges an unknown body; a schema of zod fits. */
export type BodyShape<Body> = { safeParse(input: unknown): { success: true; data: Body } | { success: false } };

export type SettingsRoute = {
  method: 'GET' | 'POST' | 'DELETE';
  /** '/settings/api/...', exact. */
  path: string;
  /** False for what a page asks by itself: it must not keep a session alive that nobody touches. */
  renews: boolean;
  answer(call: SettingsCall<unknown>): Promise<SettingsAnswer> | SettingsAnswer;
  /** Null for routes without a body. */
  shape: BodyShape<unknown> | null;
};

/** GET: asked by the page itself, renews nothing. */
export function getRoute(
  path: string,
  answer: (call: SettingsCall<null>) => Promise<SettingsAnswer> | SettingsAnswer,
): SettingsRoute {
  return { method: 'GET', path, renews: false, shape: null, answer: (call) => answer({ ...call, body: null }) };
}

/** POST with a JSON body of this shape: somebody's deliberate act. */
export function postRoute<Body>(
  path: string,
  shape: BodyShape<Body>,
  answer: (call: SettingsCall<Body>) => Promise<SettingsAnswer> | SettingsAnswer,
): SettingsRoute {
  // The body has passed `shape` before `answer` is called (settings-http).
  return { method: 'POST', path, renews: true, shape, answer: (call) => answer(call as SettingsCall<Body>) };
}

export const ok = (body: unknown): SettingsAnswer => ({ status: 200, body });
