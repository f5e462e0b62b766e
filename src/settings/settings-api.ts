// Calls of the settings page to its bridge: each answer is read by its schema, each refusal is a sentence. Called by
// settings-state and by the panels.
import { type SettingsSentence, sentence } from '../contracts/settings.ts';
import { errorAnswer } from '../contracts/upload.ts';
import { settingsTexts } from '../i18n/settings.ts';

export const limits = { answerMs: 15_000 } as const;

/** A schema, as far as a call needs it. */
export type Shape<T> = { safeParse(input: unknown): { success: true; data: T } | { success: false } };

export type Answer<T> =
  | { ok: true; data: T }
  /** `status` 0: no answer, or none that this page understands. */
  | { ok: false; status: number; sentence: SettingsSentence };

export type SettingsApi = {
  /** `path` below /settings/api/. */
  get<T>(path: string, shape: Shape<T>): Promise<Answer<T>>;
  post<T>(path: string, body: unknown, shape: Shape<T>): Promise<Answer<T>>;
  remove(path: string): Promise<boolean>;
};

export function createSettingsApi(fetch: (path: string, init: RequestInit) => Promise<Response>): SettingsApi {
  const call = async <T>(path: string, init: RequestInit, shape: Shape<T>): Promise<Answer<T>> => {
    try {
      const signal = AbortSignal.timeout(limits.answerMs);
      const response = await fetch(`/settings/api/${path}`, { ...init, credentials: 'same-origin', signal });
      return read(response.status, response.ok, await response.json(), shape);
    } catch (error) {
      // The bridge stopped, the answer took too long, or it was no JSON: all of it is "it does not answer".
      if (!(error instanceof Error)) throw error;
      return noAnswer();
    }
  };
  return {
    get: (path, shape) => call(path, { method: 'GET' }, shape),
    post: (path, body, shape) => call(path, withJson('POST', body), shape),
    remove: async (path) => (await call(path, { method: 'DELETE' }, anything)).ok,
  };
}

const anything: Shape<unknown> = { safeParse: (data) => ({ success: true, data }) };

function withJson(method: string, body: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function read<T>(status: number, isOk: boolean, body: unknown, shape: Shape<T>): Answer<T> {
  if (!isOk) {
    const refusal = errorAnswer.safeParse(body);
    const said = refusal.success ? sentence.safeParse(refusal.data.error) : null;
    return said?.success ? { ok: false, status, sentence: said.data } : { ...noAnswer(), status };
  }
  const parsed = shape.safeParse(body);
  return parsed.success ? { ok: true, data: parsed.data } : noAnswer();
}

const noAnswer = () =>
  ({
    ok: false,
    status: 0,
    sentence: { zh: settingsTexts.tIn('zh', 'no-answer'), en: settingsTexts.tIn('en', 'no-answer') },
  }) as const;
