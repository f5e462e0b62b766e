// What the office page knows and asks: session, faults and stations, drift, raw bytes. Called by main.tsx and the components.
import { type Signal, signal } from '@preact/signals';
import type * as z from 'zod/mini';
import { type DriftAnswer, driftAnswer } from '../contracts/drift.ts';
import { type OfficeAnswer, type OfficeFault, officeAnswer, rawAnswer } from '../contracts/office.ts';
import { createDeskSession, type DeskSession, type Sentence } from '../sync/desk-session.ts';

export const limits = { everyMs: 30_000, fileMs: 180_000, rawShown: 20 } as const;

export type { Sentence, Session } from '../sync/desk-session.ts';

export type Office = Pick<
  DeskSession,
  'session' | 'isOver' | 'isAway' | 'refused' | 'may' | 'ask' | 'signIn' | 'signOut' | 'setPassword'
> & {
  /** Id of the tab that is shown (tabs.tsx). */
  tab: Signal<string>;
  /** Counts the refreshes: a panel that asks for itself asks anew with each. */
  turn: Signal<number>;
  view: Signal<OfficeAnswer | null>;
  drift: Signal<DriftAnswer | null>;
  /** Text of raw bytes by `rawKey`; null: they could not be had. */
  raw: Signal<ReadonlyMap<string, string | null>>;
  /** Posts a file, telling how much of it has been sent (0 to 1); answers as `ask` does. */
  send<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    file: Blob,
    onSent: (fraction: number) => void,
  ): Promise<z.infer<Schema> | null>;
  start(): Promise<void>;
  refresh(): Promise<void>;
  toggleRaw(fault: OfficeFault): Promise<void>;
  stop(): void;
};

export const rawKey = (fault: OfficeFault): string => `${fault.kind} ${fault.writerId} ${fault.seq} ${fault.sha256}`;

/** Posts a file and tells how far it is; throws when nobody answers. */
export type Upload = (path: string, file: Blob, onSent: (fraction: number) => void) => Promise<Response>;
export type OfficeDeps = {
  fetch: typeof fetch;
  every(ms: number, task: () => void): () => void;
  /** Without one a file goes by `fetch`, which tells nothing on the way. */
  upload?: Upload;
  /** Id of the tab that is shown first. */
  tab?: string;
};

/** Tabs that show faults and stations: only while one of them is shown are those asked for. */
const recordTabs: readonly string[] = ['faults', 'stations'];

export function createOffice(deps: OfficeDeps): Office {
  let onSentNow = (_fraction: number): void => {};
  const desk = createDeskSession({
    fetch: (input, init) =>
      init?.body instanceof Blob && deps.upload !== undefined
        ? deps.upload(String(input), init.body, (fraction) => onSentNow(fraction))
        : deps.fetch(input, init),
  });
  const { session, isAway, refused } = desk;
  /** An act's refusal is there to be read: what a panel reads afterwards, or every few seconds, does not wipe it off. */
  let refusedAct: Sentence | null = null;
  const ask: Office['ask'] = async (path, schema, init, answerMs) => {
    const isAct = init?.method !== undefined;
    const before = refused.value;
    const got = await desk.ask(path, schema, init, answerMs);
    if (got === null && isAct && refused.value !== before) refusedAct = refused.value;
    if (got !== null && (isAct || refused.value !== refusedAct)) refused.value = null;
    return got;
  };
  const tab = signal(deps.tab ?? 'faults');
  const turn = signal(0);
  const view = signal<OfficeAnswer | null>(null);
  const drift = signal<DriftAnswer | null>(null);
  const raw = signal<ReadonlyMap<string, string | null>>(new Map());
  let stop = (): void => {};

  async function refresh(): Promise<void> {
    if (session.value === null || session.value === 'signed-out') return;
    turn.value++;
    if (recordTabs.includes(tab.value) && desk.may('faults.read'))
      view.value = (await ask('/hub/office/stations', officeAnswer)) ?? view.value;
    if (tab.value === 'drift' && desk.may('drift.read'))
      drift.value = (await ask('/hub/office/drift', driftAnswer)) ?? drift.value;
  }

  return {
    ...{
      session,
      isOver: desk.isOver,
      isAway,
      refused,
      may: desk.may,
      ask,
      setPassword: desk.setPassword,
      tab,
      turn,
      view,
      drift,
      raw,
      refresh,
    },
    async send(path, schema, file, onSent) {
      onSentNow = onSent;
      if (deps.upload === undefined) onSent(1);
      return ask(path, schema, { method: 'POST', body: file }, limits.fileMs);
    },
    async start() {
      await desk.recognise();
      stop = deps.every(limits.everyMs, () => void refresh());
      await refresh();
    },
    async signIn(name, password) {
      const failure = await desk.signIn(name, password);
      if (failure === null) await refresh();
      return failure;
    },
    async signOut() {
      await desk.signOut();
      view.value = null;
      drift.value = null;
      raw.value = new Map();
    },
    async toggleRaw(fault) {
      const key = rawKey(fault);
      const next = new Map(raw.value);
      if (!next.delete(key)) {
        const { kind, writerId, seq, sha256 } = fault;
        const query = new URLSearchParams({ kind, writer: writerId, seq: String(seq), sha256: sha256 ?? '' });
        const got = await ask(`/hub/office/raw?${query}`, rawAnswer);
        const oldest = next.keys().next();
        if (next.size >= limits.rawShown && !oldest.done) next.delete(oldest.value);
        next.set(key, got === null ? null : textOf(got.base64));
      }
      raw.value = next;
    },
    stop: () => stop(),
  };
}

function textOf(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}
