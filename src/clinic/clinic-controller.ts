// Joins the board's state to the hub, the clock and the bell. Made by main.tsx; ClinicBoard shows its signals.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { TransitionRequest } from '../contracts/clinic.ts';
import type { FeedEvent } from '../contracts/downlink.ts';
import type { Region } from '../contracts/region.ts';
import { ringDue } from './alarm.ts';
import { advance, type BoardEvent, type BoardState, emptyBoard, type Ring, type Sentence } from './board-state.ts';
import { type ClinicApi, clinicApi } from './clinic-api.ts';
import { type ClinicFeed, openClinicFeed, type Timers } from './clinic-feed.ts';
import { watchUnmeasured } from './unmeasured-watch.ts';

/** Milliseconds: the board's seconds never lag visibly; a hub that did not answer at the start is asked again. */
export const limits = { tickMs: 500, askAgainMs: 3_000 } as const;

/** A transition without its version: the controller adds the one on the board. */
export type Step = TransitionRequest extends infer One
  ? One extends TransitionRequest
    ? Omit<One, 'version'>
    : never
  : never;
export type SignInFailure = { why: 'unreached' } | { why: 'refused'; sentence: Sentence };

export type ClinicDeps = {
  fetch: typeof fetch;
  timers: Timers;
  random(): number;
  /** Page's monotonic clock. */
  monoMs(): number;
  ring(ring: Ring): void;
};

export type ClinicController = {
  state: ReadonlySignal<BoardState>;
  /** Monotonic clock, moved on twice a second. */
  nowMs: ReadonlySignal<number>;
  start(): void;
  stop(): void;
  /** null when signed in. */
  signIn(name: string, password: string): Promise<SignInFailure | null>;
  signOut(): Promise<void>;
  /** null when the hub took it; `present` null after a one-time password. */
  setPassword(present: string | null, fresh: string): Promise<SignInFailure | null>;
  /** True when the hub took the step. */
  take(caseId: string, step: Step): Promise<boolean>;
  /** What a scanner read off a slip. */
  takeSlip: ClinicApi['slip'];
  /** What the travel question asks for beside Hubei; empty while it cannot be read. */
  regions(): Promise<readonly Region[]>;
  dismiss(caseId: string): void;
  mute(): void;
  unmute(): void;
  /** The network or the screen came back: do not wait for the timer. */
  nudge(): void;
};

export function createClinic(deps: ClinicDeps): ClinicController {
  const api: ClinicApi = clinicApi(deps);
  const state = signal<BoardState>(emptyBoard);
  const nowMs = signal(deps.monoMs());
  let feed: ClinicFeed | null = null;
  let timer: unknown = null;
  let askTimer: unknown = null;
  let running = false;

  const put = (event: BoardEvent) => {
    state.value = advance(state.value, event);
  };
  const tick = () => {
    nowMs.value = deps.monoMs();
    const due = ringDue(state.value, nowMs.value);
    if (due) {
      put({ type: 'rang', ...due, atMs: nowMs.value });
      deps.ring(due.ring);
    }
    if (running) timer = deps.timers.set(tick, limits.tickMs);
  };
  const bellNow = () => {
    deps.timers.clear(timer);
    tick();
  };

  const unmeasured = watchUnmeasured(deps.timers, api, (rows) => put({ type: 'unmeasured', rows }));

  const take = async (event: FeedEvent) => {
    put({ type: 'heard', atMs: deps.monoMs() });
    if (event.topic === 'heartbeat') put({ type: 'hub-time', hubNowMs: event.hubNowMs, atMs: deps.monoMs() });
    if (event.topic === 'unmeasured') unmeasured.read();
    if (event.topic !== 'referral') return;
    const known = state.value.referrals.get(event.caseId);
    if (known && known.version >= event.version) return;
    put({ type: 'referral', referral: await api.card(event.caseId), rings: event.rings });
    bellNow();
  };

  const openFeed = () => {
    feed?.stop();
    feed = openClinicFeed(deps, {
      async snapshot() {
        const board = await api.board();
        put({ type: 'hub-time', hubNowMs: board.hubNowMs, atMs: deps.monoMs() });
        put({ type: 'snapshot', referrals: board.referrals });
        bellNow();
        unmeasured.read();
        return board.cursor;
      },
      event: take,
      link: (connected) => put({ type: 'link', connected }),
      expired: () => {
        unmeasured.stop();
        put({ type: 'expired' });
      },
    });
  };

  const recognise = async () => {
    const answer = await api.whoAmI();
    if (!running || state.value.session !== 'unknown') return;
    if (!answer.ok) {
      askTimer = deps.timers.set(() => void recognise(), limits.askAgainMs);
      return;
    }
    put({ type: 'session', staff: answer.value.staff });
    if (answer.value.staff) openFeed();
  };

  return {
    takeSlip: api.slip,
    state,
    nowMs,
    start() {
      running = true;
      tick();
      void recognise();
    },
    stop() {
      running = false;
      feed?.stop();
      unmeasured.stop();
      deps.timers.clear(timer);
      deps.timers.clear(askTimer);
    },
    async signIn(name, password) {
      const answer = await api.signIn(name, password);
      if (!answer.ok)
        return answer.why === 'unreached' ? { why: 'unreached' } : { why: 'refused', sentence: answer.sentence };
      put({ type: 'session', staff: answer.value.staff });
      openFeed();
      return null;
    },
    async signOut() {
      feed?.stop();
      unmeasured.stop();
      await api.signOut();
      put({ type: 'session', staff: null });
    },
    async setPassword(present, fresh) {
      const answer = await api.setPassword(present, fresh);
      const { staff } = state.value;
      if (answer.ok && staff !== null) put({ type: 'session', staff: { ...staff, maySetPassword: false } });
      if (answer.ok) return null;
      return answer.why === 'unreached' ? { why: 'unreached' } : { why: 'refused', sentence: answer.sentence };
    },
    async take(caseId, step) {
      const referral = state.value.referrals.get(caseId);
      if (!referral || state.value.busy.has(caseId)) return false;
      put({ type: 'asked', caseId });
      const answer = await api.transition(caseId, { ...step, version: referral.version });
      if (answer.ok) put({ type: 'answered', referral: answer.value });
      else if (answer.why === 'taken') put({ type: 'taken', caseId, referral: answer.referral });
      else if (answer.why === 'refused')
        put({ type: 'failed', caseId, notice: { kind: 'refused', sentence: answer.sentence } });
      else put({ type: 'failed', caseId, notice: { kind: 'unreached' } });
      if (!answer.ok && answer.why === 'expired') {
        feed?.stop();
        unmeasured.stop();
        put({ type: 'expired' });
      }
      return answer.ok;
    },
    // The question stands without the names too; of a hub that is away or a session that is over the step itself tells.
    regions: () => api.regions().catch(() => []),
    dismiss: (caseId) => put({ type: 'dismiss', caseId }),
    mute: () => put({ type: 'mute', by: state.value.staff?.name ?? '', atMs: deps.monoMs() }),
    unmute: () => {
      put({ type: 'unmute' });
      bellNow();
    },
    nudge: () => feed?.nudge(),
  };
}
