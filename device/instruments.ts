// The station's thermometers as instruments: whether each may give verdicts, its warm-up, its checks and their entries, and
// who is waved through. Called by bridge; docs/operations.md tells it to people.
import type { CheckResult, InstrumentsAnswer, InstrumentView, MeasureRequest } from '../src/contracts/instrument.ts';
import type { Entry, InstrumentBody } from '../src/domain/entry.ts';
import {
  type CheckKind,
  type Measure,
  type Standing,
  sensorBar,
  standingOf,
  warmUpLeftMs,
} from '../src/domain/instrument.ts';
import { type CheckRefusal, limits as checkLimits, judgeCheck, refusalOf } from '../src/domain/instrument-check.ts';
import { noWave, type WaveMemory, type WaveNote, waveOfReading, waveOfTap } from '../src/domain/instrument-wave.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { Signal } from './bridge-devices.ts';
import type { Clock, Timer } from './clock.ts';
import type { DeviceConfig, ThermometerConfig } from './config.ts';
import type { InstrumentBook } from './instrument-book.ts';
import { createSampleBook, type SampleBook } from './instrument-samples.ts';
import type { Log } from './log.ts';

export const limits = {
  /** A check that is left alone for so long begins anew. */
  checkMs: 900_000,
  /** How often a warm-up is looked at: it ends at most so much late. */
  lookMs: 1_000,
} as const;

export type InstrumentRefusal = CheckRefusal | 'unknown-device' | 'warming' | 'not-saved';
export type Done = { ok: true } | { ok: false; reason: InstrumentRefusal };

export type Instruments = {
  /** What row 2 of the verdict table must hear of this device; null = nothing. */
  sensorBar(deviceId: string): 'device-warm-up' | 'device-barred' | null;
  /** Devices whose infrared readings open nothing now. */
  unfit(): string[];
  hear(signal: Signal): void;
  /** An entry that has just reached the journal. */
  decided(entry: Entry): void;
  list(): InstrumentsAnswer['instruments'];
  powerOn(deviceId: string, agoMs: number, by: string): Promise<Done>;
  /** Takes one measurement of a check; the second one ends it: the outcome is `last` in the list. */
  measure(request: MeasureRequest, by: string): Promise<Done>;
  cancel(deviceId: string): Done;
  /** The policy has changed: a warm-up may be over, or longer. */
  look(): void;
  stop(): void;
};

export type InstrumentParts = {
  devices: readonly DeviceConfig[];
  book: InstrumentBook;
  clock: Clock;
  wallMs: () => number;
  policy: () => Policy;
  /** True when the devices are simulated: they are warm, whatever was told. */
  simulated: boolean;
  /** State of the line, for the view. */
  stateOf: (deviceId: string) => InstrumentView['state'];
  write: (body: InstrumentBody) => void;
  /** What row 2 hears of this device has changed. */
  onStanding: (deviceId: string) => void;
  log: Log;
};

type Known = {
  config: ThermometerConfig;
  samples: SampleBook;
  /** Monotonic end of the warm-up: a wall clock that jumps neither shortens nor lengthens it within a process. */
  warmAtMs: number | null;
  running: { check: CheckKind; measures: Measure[]; touchedMs: number } | null;
  last: CheckResult | null;
  told: ReturnType<typeof sensorBar>;
};

export function createInstruments(parts: InstrumentParts): Instruments {
  const { book, clock, wallMs, policy, log } = parts;
  const known = new Map<string, Known>();
  let wave: WaveMemory = noWave;
  let timer: Timer | null = null;
  for (const config of parts.devices) {
    // Contact instruments warm up in no mouth and give no infrared verdict: none of this concerns them.
    if (config.role !== 'thermometer' || config.mode === 'contact') continue;
    const one: Known = {
      ...{ config, samples: createSampleBook(), warmAtMs: null, running: null, last: null, told: null },
    };
    known.set(config.deviceId, one);
    timeWarmUp(one);
    one.told = sensorBar(standing(one));
  }

  /** Only from the state folder is the warm-up reckoned by the wall clock. */
  function timeWarmUp(one: Known): void {
    const leftMs = warmUpLeftMs(book.recordOf(one.config.deviceId), 'warm', Math.round(wallMs()), policy()) ?? 0;
    one.warmAtMs = parts.simulated || leftMs === 0 ? null : clock.nowMs() + leftMs;
  }
  function warmUpOf(one: Known): 'ask' | 'warm' {
    return parts.simulated ? 'warm' : (one.config.warmUp ?? 'warm');
  }
  function standing(one: Known): Standing {
    const record = book.recordOf(one.config.deviceId);
    // A clock that stands at the power-on, moved by the monotonic one.
    const leftMs = one.warmAtMs === null ? 0 : Math.max(0, Math.round(one.warmAtMs - clock.nowMs()));
    const atWallMs = record.powerOnWallMs === null ? 0 : record.powerOnWallMs + policy().warmUpMs - leftMs;
    return standingOf(parts.simulated ? { ...record, powerOnWallMs: null } : record, warmUpOf(one), atWallMs, policy());
  }

  function tell(one: Known): void {
    const now = sensorBar(standing(one));
    if (now === one.told) return;
    one.told = now;
    const { deviceId } = one.config;
    log.info({ event: 'instrument', deviceId, state: now ?? 'fit' });
    parts.onStanding(deviceId);
  }
  function look(): void {
    for (const one of known.values()) tell(one);
    if (timer !== null) clock.clearTimer(timer);
    const isWaiting = [...known.values()].some((one) => one.warmAtMs !== null && one.warmAtMs > clock.nowMs());
    timer = isWaiting ? clock.setTimer(look, limits.lookMs) : null;
  }
  look();

  function entryOf(one: Known, change: Partial<InstrumentBody> & Pick<InstrumentBody, 'act' | 'outcome'>): void {
    const { deviceId, profile } = one.config;
    parts.write({
      ...{ kind: 'instrument', deviceId, profile, by: null, powerOnWallMs: null, measures: [] },
      ...{ differenceTenths: null, slopePercent: null, note: null, count: null, policyVersion: policy().version },
      ...change,
    });
  }

  /** In force at once; the answer waits for the disk. */
  async function keep(one: Known, change: Partial<ReturnType<InstrumentBook['recordOf']>>): Promise<boolean> {
    const { deviceId } = one.config;
    const written = book.put(deviceId, { ...book.recordOf(deviceId), ...change });
    if ('powerOnWallMs' in change) timeWarmUp(one);
    look();
    try {
      await written;
      return true;
    } catch (error) {
      log.error({ event: 'instrument-not-saved', deviceId, reason: error instanceof Error ? error.name : '' });
      return false;
    }
  }

  function waved(note: WaveNote | null, deviceId: string): void {
    const one = known.get(deviceId) ?? [...known.values()][0];
    if (note === null || one === undefined) return;
    log.warn({ event: 'wave-through', deviceId: one.config.deviceId, reason: note.note, count: note.count });
    entryOf(one, { act: 'wave-through', outcome: 'noted', ...note });
  }

  function view(one: Known): InstrumentView {
    const { deviceId, profile, site, mode } = one.config;
    const { powerOnWallMs, shift, slope } = book.recordOf(deviceId);
    const nowMs = clock.nowMs();
    const newest = one.samples.newest(nowMs);
    const taken = one.samples.measure('raw', nowMs, policy());
    return {
      ...{ deviceId, profile, site, mode, state: parts.stateOf(deviceId), standing: standing(one) },
      ...{ powerOnWallMs, shift, slope, last: one.last },
      live: newest && {
        bodyCenti: newest.centiCelsius,
        rawCenti: newest.rawCentiCelsius,
        ambientCenti: newest.ambientCentiCelsius,
        ageMs: Math.max(0, Math.round(nowMs - newest.atMs)),
        steady: taken !== 'no-offset' && taken.ok,
      },
      running: one.running && { check: one.running.check, measures: one.running.measures.map(withoutSamples) },
    };
  }

  async function finish(one: Known, check: CheckKind, measures: Measure[], by: string): Promise<Done> {
    const judged = judgeCheck(check, measures, policy());
    const atWallMs = Math.round(wallMs());
    one.running = null;
    one.last = { check, ...judged, measures: measures.map(withoutSamples), atWallMs };
    const saved = await keep(one, { [check]: { atWallMs, outcome: judged.outcome } });
    entryOf(one, { act: `${check}-check`, by, measures, ...judged });
    return saved ? { ok: true } : { ok: false, reason: 'not-saved' };
  }

  return {
    sensorBar: (deviceId) => known.get(deviceId)?.told ?? null,
    unfit: () => [...known.values()].flatMap((one) => (one.told === null ? [] : [one.config.deviceId])),
    hear: (signal) => {
      if (signal.type === 'sample') {
        known.get(signal.deviceId)?.samples.hear(signal);
        return;
      }
      const tapped = waveOfTap(wave, signal.uid ?? signal.printed ?? '', signal.atMs, policy());
      wave = tapped.memory;
      waved(tapped.note, '');
    },
    decided: (entry) => {
      const governing = entry.kind === 'check' && entry.shownTenths !== null ? entry.readings.at(-1) : undefined;
      if (governing === undefined || governing.method !== 'infrared' || governing.manual) return;
      const read = waveOfReading(wave, governing.centiCelsius, policy());
      wave = read.memory;
      waved(read.note, governing.deviceId);
    },
    list: () => [...known.values()].map(view),
    powerOn: async (deviceId, agoMs, by) => {
      const one = known.get(deviceId);
      if (one === undefined) return { ok: false, reason: 'unknown-device' };
      const powerOnWallMs = Math.round(wallMs()) - agoMs;
      const saved = await keep(one, { powerOnWallMs });
      entryOf(one, { act: 'power-on', outcome: 'warming', by, powerOnWallMs });
      return saved ? { ok: true } : { ok: false, reason: 'not-saved' };
    },
    measure: async ({ deviceId, check, what, knownCenti }, by) => {
      const one = known.get(deviceId);
      if (one === undefined) return { ok: false, reason: 'unknown-device' };
      // A cold instrument would be barred for what is only its warm-up.
      if (warmingUp(one)) return { ok: false, reason: 'warming' };
      const nowMs = clock.nowMs();
      const goesOn = one.running?.check === check && nowMs - one.running.touchedMs <= limits.checkMs;
      const before = goesOn ? (one.running?.measures ?? []) : [];
      const taken = one.samples.measure(what === 'person' ? 'body' : 'raw', nowMs, policy());
      if (taken === 'no-offset') return { ok: false, reason: 'no-offset' };
      if (!taken.ok) return { ok: false, reason: taken.reason };
      const measure: Measure = { what, knownCenti, infraredCenti: taken.medianCenti, samples: taken.samples };
      const refusal = refusalOf(check, before, measure, policy());
      if (refusal !== null) return { ok: false, reason: refusal };
      one.samples.forget();
      const measures = [...before, measure];
      if (measures.length >= checkLimits.measures) return finish(one, check, measures, by);
      one.running = { check, measures, touchedMs: nowMs };
      return { ok: true };
    },
    cancel: (deviceId) => {
      const one = known.get(deviceId);
      if (one === undefined) return { ok: false, reason: 'unknown-device' };
      one.running = null;
      return { ok: true };
    },
    look: () => {
      for (const one of known.values()) timeWarmUp(one);
      look();
    },
    stop: () => {
      if (timer !== null) clock.clearTimer(timer);
      timer = null;
    },
  };

  function warmingUp(one: Known): boolean {
    const untold = book.recordOf(one.config.deviceId).powerOnWallMs === null;
    if (untold && warmUpOf(one) === 'ask') return true;
    return one.warmAtMs !== null && one.warmAtMs > clock.nowMs();
  }
}

function withoutSamples({ what, knownCenti, infraredCenti }: Measure): Omit<Measure, 'samples'> {
  return { what, knownCenti, infraredCenti };
}
