// The hub in memory: the project's own receiving (hub/uploads.ts) over simulated tables, with crashes, full disks, backups and
// restores. Called by the network.

import type { Good, Shelf } from '../../hub/upload-rules.ts';
import { receiveAt } from '../../hub/uploads.ts';
import { contractVersion } from '../../src/contracts/kit.ts';
import { limits as uploadLimits, uploadRequest } from '../../src/contracts/upload.ts';
import { copyOf, emptyTables, shelfIn, type Tables } from './hub-store.ts';
import type { Life, World } from './world.ts';

export type Answer = { status: number; body: string };
export type RosterPerson = { personId: string; uid: string };

/** Seams at which a planted fault may change what the hub does. */
export type HubSeams = {
  shelf(shelf: Shelf, tables: Tables): Shelf;
  /** Raises the cases of what is fresh; the plain one keeps one alert a case. */
  cases(tables: Tables, fresh: readonly Good[]): void;
  /** True: the answer leaves before the commit. */
  answersEarly: boolean;
};

export const plainHub: HubSeams = {
  shelf: (shelf) => shelf,
  cases(tables, fresh) {
    for (const { envelope, entry } of fresh) {
      const raises = entry.kind === 'check' && entry.raisesCase;
      if (raises && !tables.cases.includes(envelope.entryId)) tables.cases.push(envelope.entryId);
    }
  },
  answersEarly: false,
};

export class SimHub {
  tables: Tables;
  full = false;
  /** Answers 403 to everybody. */
  revoked = false;
  /** Refuses any batch that holds this entry, as a database might: '' for none. */
  chokesOn = '';
  /** Wall clock beside the world's. */
  clockMs: number;
  readonly #world: World;
  readonly #seams: HubSeams;
  readonly #people: readonly RosterPerson[];
  #life: Life = { dead: false };
  #last: Promise<unknown> = Promise.resolve();
  #backup: Tables | null = null;
  /** Told after every commit, with what stands then. */
  onCommit: (tables: Tables) => void = () => {};
  /** Told when a backup has been put in place of what stood. */
  onRestore: () => void = () => {};

  constructor(world: World, wallMs: number, people: readonly RosterPerson[], seams: HubSeams) {
    this.#world = world;
    this.#seams = seams;
    this.#people = people;
    this.clockMs = wallMs;
    this.tables = emptyTables(this.#fresh());
  }

  isUp(): boolean {
    return !this.#life.dead;
  }

  kill(): void {
    this.#life.dead = true;
    this.#world.say('hub', 'killed');
  }

  start(): void {
    this.#life = { dead: false };
    this.#last = Promise.resolve();
    this.#world.say('hub', 'started');
  }

  backUp(): void {
    this.#backup = copyOf(this.tables);
    this.#world.say('hub', `backup of ${this.tables.rows.length} rows`);
  }

  /** Answers false when there is nothing to restore from. */
  restore(): boolean {
    if (this.#backup === null) return false;
    this.#world.say('hub', `restored: ${this.tables.rows.length} rows become ${this.#backup.rows.length}`);
    // As hub/restore.ts: receipts of the time before count for nothing now.
    this.tables = { ...copyOf(this.#backup), epoch: this.#fresh() };
    this.onRestore();
    return true;
  }

  nowMs(): number {
    return Math.round(this.clockMs + this.#world.nowMs);
  }

  /** Never resolves when the hub dies meanwhile. */
  async post(stationId: string, text: string): Promise<Answer> {
    if (this.revoked) return refusal(403, 'not-enrolled');
    if (this.full) return refusal(507, 'disk-full');
    if (text.length > uploadLimits.bytes) return refusal(413, 'too-large');
    const read = uploadRequest.safeParse(JSON.parse(text));
    if (!read.success) return refusal(400, 'envelope-unreadable');
    if (this.chokesOn !== '' && text.includes(this.chokesOn)) return refusal(500, 'failed');
    const life = this.#life;
    let held: Promise<void> = Promise.resolve();
    const run = () =>
      receiveAt(
        {
          nowMs: () => this.nowMs(),
          newEpoch: () => this.#fresh(),
          transaction: async (_rings, work) => {
            const draft = copyOf(this.tables);
            const shelf = this.#seams.shelf(shelfIn(draft, stationId, read.data.writerId), draft);
            const done = await work(shelf, async (fresh) => this.#seams.cases(draft, fresh));
            const commit = async () => {
              // A disk that is never waited for may be far behind.
              const latestMs = this.#seams.answersEarly ? 2_000 : 8;
              await this.#world.pause(this.#world.between(0.5, latestMs), life);
              this.tables = draft;
              this.onCommit(draft);
            };
            const committed = commit();
            if (!this.#seams.answersEarly) await committed;
            else held = committed;
            return done;
          },
        },
        stationId,
        read.data,
      );
    const mine = this.#last.then(run);
    this.#last = mine.then(() => held).catch(() => undefined);
    try {
      const { answer } = await mine;
      if (life.dead) return new Promise(() => {});
      return okay(answer);
    } catch (error) {
      this.#world.say('hub', `fails on a batch: ${error instanceof Error ? error.message : String(error)}`);
      return refusal(500, 'failed');
    }
  }

  downlink(full: boolean): Answer {
    const people = (full ? this.#people : []).map(({ personId, uid }) => ({
      personId,
      name: personId,
      category: 'student',
      unit: 'u',
      room: null,
      cards: [`uid:${uid}`],
      presence: 'on-campus',
      questionsDue: false,
      closedIn: true,
      closedOut: true,
      contact: '',
      gone: false,
    }));
    return okay({
      contract: contractVersion,
      epoch: this.tables.epoch,
      hubNowMs: this.nowMs(),
      clinic: { name: 'clinic', phone: '1' },
      campus: { mode: 'open' },
      policy: { version: 0, document: {} },
      bars: [],
      roster: { version: 1, full, people, next: null },
    });
  }

  #fresh(): string {
    return Buffer.from(this.#world.bytes(8)).toString('hex');
  }
}

function okay(body: unknown): Answer {
  return { status: 200, body: JSON.stringify(body) };
}

function refusal(status: number, code: string): Answer {
  return { status, body: JSON.stringify({ error: { code, zh: code, en: code } }) };
}
