// One gate's machine: a disk, a browser profile, a clock that may be wrong, and the two processes on it, each of which can be
// killed and started. Called by the campus.
import type { Disk } from '../../device/disk.ts';
import type { SaveState } from '../../src/gate/station-types.ts';
import type { OpenStore } from '../../src/store/db.ts';
import { SimDisk } from './disk.ts';
import type { Network } from './network.ts';
import { SimProfile } from './page-store.ts';
import { type SimBridge, startSimBridge } from './sim-bridge.ts';
import { type SimPage, startSimPage } from './sim-page.ts';
import type { Life, World } from './world.ts';

/** Seams at which a planted fault may change what a station's processes stand on. */
export type StationSeams = {
  disk(disk: Disk): Disk;
  store(open: OpenStore, profile: SimProfile): OpenStore;
  /** Sees every upload of the page as it leaves. */
  onPost(body: string, profile: SimProfile): void;
  /** May change the hub's answer on its way in. */
  answer(text: string, stationId: string): string;
  /** A run begins. */
  begin(): void;
};

export const plainStation: StationSeams = {
  disk: (disk) => disk,
  store: (open) => open,
  onPost: () => {},
  answer: (text) => text,
  begin: () => {},
};

export type StationHooks = {
  onShown(entryId: string, saved: SaveState): void;
  onPulse(entryId: string): void;
  onBug(error: unknown): void;
  /** The power has gone and nothing has started again: what lies on the disk is what there is. */
  onDark(): void;
};

export class SimStation {
  readonly id: string;
  readonly code: string;
  readonly disk: SimDisk;
  readonly profile: SimProfile;
  /** Added to the world's clock to give this machine's wall clock. */
  wallMs: number;
  bridge: SimBridge | null = null;
  page: SimPage | null = null;
  #bridgeLife: Life = { dead: true };
  #pageLife: Life = { dead: true };
  readonly #world: World;
  readonly #network: Network;
  readonly #seams: StationSeams;
  readonly #hooks: StationHooks;

  constructor(
    world: World,
    network: Network,
    about: { id: string; code: string; wallMs: number },
    seams: StationSeams,
    hooks: StationHooks,
  ) {
    this.#world = world;
    this.#network = network;
    this.#seams = seams;
    this.#hooks = hooks;
    this.id = about.id;
    this.code = about.code;
    this.wallMs = about.wallMs;
    this.disk = new SimDisk(world);
    this.profile = new SimProfile(world);
  }

  startBridge(): void {
    if (!this.#bridgeLife.dead) return;
    const life: Life = { dead: false };
    this.#bridgeLife = life;
    this.#world.say(this.id, 'bridge starts');
    startSimBridge({
      ...this.#common(life),
      disk: this.#seams.disk(this.disk.mount(life)),
      code: this.code,
      onPulse: this.#hooks.onPulse,
    }).then(
      (bridge) => {
        if (!life.dead) this.bridge = bridge;
      },
      (error) => this.#hooks.onBug(error),
    );
  }

  startPage(): void {
    if (!this.#pageLife.dead) return;
    const life: Life = { dead: false };
    this.#pageLife = life;
    this.#world.say(this.id, 'page starts');
    startSimPage({
      ...this.#common(life),
      openStore: this.#seams.store(this.profile.opener(life), this.profile),
      connect: (on) => {
        if (this.bridge !== null) return this.bridge.connect(on);
        this.#world.after(1, () => on.closed(1006));
        return { send: () => {}, close: () => {} };
      },
      onPost: (body) => this.#seams.onPost(body, this.profile),
      onAnswer: (text) => this.#seams.answer(text, this.id),
      onShown: this.#hooks.onShown,
      onBug: this.#hooks.onBug,
    }).then(
      (page) => {
        if (!life.dead) this.page = page;
      },
      (error) => this.#hooks.onBug(error),
    );
  }

  killBridge(): void {
    if (this.#bridgeLife.dead) return;
    this.#world.say(this.id, 'bridge killed');
    this.#endBridge();
  }

  killPage(): void {
    if (this.#pageLife.dead) return;
    this.#world.say(this.id, 'page killed');
    this.#endPage();
  }

  cutPower(): void {
    this.#world.say(this.id, 'power cut');
    this.#endBridge();
    this.#endPage();
    this.disk.cutPower();
    this.profile.cutPower();
    this.#hooks.onDark();
  }

  /** Only while no page runs, as a browser would lose it. */
  loseStore(): void {
    this.#world.say(this.id, "the page's store is gone");
    this.profile.lose();
  }

  stepClock(ms: number): void {
    this.#world.say(this.id, `clock steps by ${Math.round(ms / 1_000)} s`);
    this.wallMs += ms;
  }

  isPageUp(): boolean {
    return !this.#pageLife.dead;
  }

  isBridgeUp(): boolean {
    return !this.#bridgeLife.dead;
  }

  #common(life: Life) {
    return {
      world: this.#world,
      life,
      network: this.#network,
      stationId: this.id,
      wallMs: () => Math.round(this.wallMs + this.#world.nowMs),
    };
  }

  #endBridge(): void {
    this.#bridgeLife.dead = true;
    this.bridge?.dropPage();
    this.bridge = null;
  }

  #endPage(): void {
    this.#pageLife.dead = true;
    this.bridge?.dropPage();
    this.page = null;
    this.profile.kill();
  }
}
