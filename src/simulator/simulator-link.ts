// The page's talk with the simulator's server: the picture as it changes, and what a person does. Used by main.tsx.
import { type ReadonlySignal, signal } from '@preact/signals';
import type * as z from 'zod/mini';
import {
  type SimulatorPath,
  type SimulatorState,
  simulatorLive,
  type simulatorRequests,
  simulatorState,
} from '../contracts/simulator.ts';
import { errorAnswer } from '../contracts/upload.ts';

export const limits = { askAgainMs: 2_000 } as const;

export type Sentence = { zh: string; en: string };
export type SimulatorLink = {
  state: ReadonlySignal<SimulatorState | null>;
  /** False while the server does not answer. */
  online: ReadonlySignal<boolean>;
  /** What the server refused last; null after the next thing that went well. */
  refusal: ReadonlySignal<Sentence | null>;
  post<Path extends SimulatorPath>(path: Path, body: z.infer<(typeof simulatorRequests)[Path]>): Promise<void>;
  stop(): void;
};

/** Loads the whole picture, follows the live part, and loads again when the line broke. */
export function openSimulator(deps: { fetch: typeof fetch; events(url: string): EventSource }): SimulatorLink {
  const state = signal<SimulatorState | null>(null);
  const online = signal(false);
  const refusal = signal<Sentence | null>(null);
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;

  const again = () => {
    online.value = false;
    source?.close();
    if (!stopped) timer = setTimeout(() => void load(), limits.askAgainMs);
  };
  const load = async () => {
    try {
      const answer = await deps.fetch('/api/state', { cache: 'no-store' });
      state.value = simulatorState.parse(await answer.json());
    } catch {
      // The page says that nobody answers, and asks again.
      again();
      return;
    }
    if (stopped) return;
    online.value = true;
    source = deps.events('/api/events');
    source.onmessage = (event: MessageEvent<string>) => {
      const live = simulatorLive.parse(JSON.parse(event.data));
      if (state.value) state.value = { ...state.value, live };
    };
    // An EventSource that failed may be closed for good: made anew with the whole picture.
    source.onerror = again;
  };
  void load();

  return {
    state,
    online,
    refusal,
    async post(path, body) {
      try {
        const answer = await deps.fetch(path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        const refused = answer.ok ? null : errorAnswer.safeParse(await answer.json());
        refusal.value = refused?.success ? refused.data.error : null;
      } catch {
        // `again` shows that the server is gone.
        online.value = false;
      }
    },
    stop() {
      stopped = true;
      source?.close();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
