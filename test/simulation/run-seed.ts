// One simulated shift from its seed: people come, things break, everything heals, and the invariants are looked at. Called by
// `npm run simulate` and by the tests.
import { basename } from 'node:path';
import { envelopeOf } from '../../device/journal-line.ts';
import { uploadAnswer } from '../../src/contracts/upload.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import type { Tables } from './hub-store.ts';
import { type Evidence, judge, type Violation, watermarkFaults } from './invariants.ts';
import { fair, Network } from './network.ts';
import { act, personOf } from './schedule.ts';
import { type HubSeams, plainHub, SimHub } from './sim-hub.ts';
import { plainStation, SimStation, type StationSeams } from './sim-station.ts';
import { World } from './world.ts';

export const limits = {
  stationsMax: 2,
  steps: [14, 30],
  stepMs: [150, 1_800],
  people: 6,
  /** How long a healed campus may take until nothing waits. The longest back-off is 5 minutes. */
  healMs: 400_000,
  healLookMs: 1_000,
} as const;

export type Seams = { hub: HubSeams; station: StationSeams };
export const plainSeams: Seams = { hub: plainHub, station: plainStation };
export type SeedResult = {
  seed: number;
  violations: Violation[];
  trace: readonly string[];
  hash: string;
  /** Entries whose screen said saved, rows at the hub, virtual milliseconds. */
  saved: number;
  rows: number;
  virtualMs: number;
};

const startWallMs = Date.UTC(2026, 8, 21, 4);

/** Runs `seed` to its end; never throws for what the simulated programs do. */
export async function runSeed(seed: number, seams: Seams = plainSeams): Promise<SeedResult> {
  const world = new World(seed);
  seams.station.begin();
  const campus = new Campus(world, seams);
  try {
    await campus.shift();
    await campus.heal();
    campus.judgeAll();
  } catch (error) {
    campus.note(0, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  return {
    seed,
    violations: campus.violations,
    trace: world.trace,
    hash: world.traceHash(),
    saved: campus.saved.size,
    rows: campus.hub.tables.rows.length,
    virtualMs: Math.round(world.nowMs),
  };
}

export class Campus {
  readonly world: World;
  readonly hub: SimHub;
  readonly network: Network;
  readonly stations: SimStation[];
  readonly violations: Violation[] = [];
  readonly saved = new Map<string, string>();
  readonly #pulsed = new Set<string>();
  readonly #refused = new Set<string>();
  #before: Tables;

  constructor(world: World, seams: Seams) {
    this.world = world;
    const people = Array.from({ length: limits.people }, (_, n) => personOf(n));
    this.hub = new SimHub(world, startWallMs, people, seams.hub);
    this.network = new Network(world, this.hub);
    this.#before = this.hub.tables;
    this.hub.onCommit = (tables) => {
      for (const writerId of tables.writers.keys()) this.#each(3, watermarkFaults(this.#before, tables, writerId));
      this.#before = tables;
    };
    this.hub.onRestore = () => {
      this.#before = this.hub.tables;
    };
    const count = world.whole(1, limits.stationsMax);
    this.stations = Array.from({ length: count }, (_, n) => {
      const id = `st-00000000000${n + 1}`;
      // A third of the machines have a wrong clock from the start: minutes off, or no battery at all.
      const wrong = world.chance(0.33)
        ? world.pick([-3 * 60_000, 45_000, -68 * 365.25 * 86_400_000 + 2 ** 41, 90_000])
        : 0;
      const wallMs = Math.max(0, startWallMs + wrong);
      return new SimStation(world, this.network, { id, code: `G0${n + 1}`, wallMs }, this.#watched(seams.station), {
        onShown: (entryId, saved) => {
          if (saved === 'saved') this.saved.set(entryId, id);
        },
        onPulse: (entryId) => this.#pulsed.add(entryId),
        onBug: (error) => this.note(0, error instanceof Error ? (error.stack ?? error.message) : String(error)),
        onDark: () => this.#judgeNow([1, 9]),
      });
    });
  }

  note(invariant: number, says: string): void {
    this.world.say('judge', `VIOLATION of ${invariant}: ${says}`);
    if (this.violations.length < 50) this.violations.push({ invariant, says });
  }

  async shift(): Promise<void> {
    for (const station of this.stations) {
      station.startBridge();
      station.startPage();
    }
    await this.world.run(this.world.nowMs + 400);
    const steps = this.world.whole(...limits.steps);
    for (let step = 0; step < steps; step++) {
      act(this);
      await this.world.run(this.world.nowMs + this.world.between(...limits.stepMs));
    }
  }

  /** Faults off; half of the runs start everything once more, half must come to rest as they are. */
  async heal(): Promise<void> {
    const { world, hub, network } = this;
    world.say('campus', 'faults off');
    network.weather = { ...fair };
    Object.assign(hub, { full: false, revoked: false, chokesOn: '' });
    if (!hub.isUp()) hub.start();
    const again = world.chance(0.5);
    for (const station of this.stations) {
      station.disk.full = false;
      station.profile.trouble = 'none';
      if (again) {
        station.killPage();
        station.killBridge();
      }
      station.startBridge();
      station.startPage();
    }
    await world.run(world.nowMs + 6_000);
    for (const station of this.stations) station.page?.hurry();
    const untilMs = world.nowMs + limits.healMs;
    // At rest at two looks in a row; ever longer between two, since a look reads every journal.
    let isCalm = false;
    for (let waitMs: number = limits.healLookMs; world.nowMs < untilMs; waitMs *= 1.4) {
      const wasCalm = isCalm;
      isCalm = this.#isAtRest();
      if (isCalm && wasCalm) break;
      await world.run(world.nowMs + (isCalm ? limits.healLookMs : waitMs));
    }
  }

  judgeAll(): void {
    this.#judgeNow();
  }

  #isAtRest(): boolean {
    let entries = 0;
    for (const { bridge, page } of this.stations) {
      if (bridge === null || page === null || page.waiting() > 0 || !page.isLinked()) return false;
      entries += bridge.journal.counts().entries;
    }
    const { rows, aside, conflicts } = this.hub.tables;
    if (rows.length + aside.length + conflicts.length < entries) return false;
    return judge(this.#evidence(), [8]).length === 0;
  }

  #judgeNow(numbers?: readonly number[]): void {
    for (const { invariant, says } of judge(this.#evidence(), numbers)) this.note(invariant, says);
  }

  #each(invariant: number, faults: readonly string[]): void {
    for (const says of faults) this.note(invariant, says);
  }

  #evidence(): Evidence {
    const journals = new Map<string, Envelope[]>();
    let unreadable = 0;
    for (const station of this.stations) {
      const read = journalOf(station);
      journals.set(station.id, read.entries);
      unreadable += read.unreadable;
    }
    return {
      hub: this.hub.tables,
      journals,
      saved: this.saved,
      pulsed: this.#pulsed,
      refused: this.#refused,
      waiting: new Map(this.stations.map(({ id, page }) => [id, page?.waiting() ?? -1])),
      unreadable,
    };
  }

  #watched(seams: StationSeams): StationSeams {
    return {
      ...seams,
      answer: (text, stationId) => {
        const heard = seams.answer(text, stationId);
        const parsed = heard.startsWith('{"contract"') ? uploadAnswer.safeParse(JSON.parse(heard)) : null;
        for (const { entryId, status } of parsed?.data?.results ?? []) {
          if (status === 'conflict' || status === 'set-aside') this.#refused.add(entryId);
        }
        return heard;
      },
    };
  }
}

/** What a journal holds, read from its bytes and not through the journal: it cuts a torn tail before it next writes, or starts. */
function journalOf(station: SimStation): { entries: Envelope[]; unreadable: number } {
  const entries: Envelope[] = [];
  let unreadable = 0;
  const files = [...station.disk.files()].filter(([path]) => /^\d{6}-.*\.journal$/.test(basename(path)));
  files.sort(([a], [b]) => (a < b ? -1 : 1));
  const newest = files.at(-1)?.[0];
  for (const [path, bytes] of files) {
    for (let from = 0; from < bytes.length; ) {
      const lf = bytes.indexOf(0x0a, from);
      const envelope = lf === -1 ? null : envelopeOf(bytes.subarray(from, lf));
      if (envelope !== null) entries.push(envelope);
      else if (lf !== -1 || path !== newest) unreadable++;
      from = lf === -1 ? bytes.length : lf + 1;
    }
  }
  return { entries, unreadable };
}
