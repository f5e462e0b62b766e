// The way between a station and the hub: slow, lossy, doubling, reordering, at times a captive portal. Called by the simulated
// bridge and page; every fault is drawn from the world's chance.
import type { Answer, SimHub } from './sim-hub.ts';
import type { Life, World } from './world.ts';

export type Weather = {
  /** The link is down: a request fails after a while. */
  down: boolean;
  /** Shares in [0, 1] of requests that are lost, whose answer is lost, that arrive a second time. */
  losesRequest: number;
  losesAnswer: number;
  doubles: number;
  /** Every request is answered by somebody else's web page. */
  portal: boolean;
  slowestMs: number;
};

export const fair: Weather = { down: false, losesRequest: 0, losesAnswer: 0, doubles: 0, portal: false, slowestMs: 30 };

export class Network {
  weather: Weather = { ...fair };
  readonly #world: World;
  readonly hub: SimHub;

  constructor(world: World, hub: SimHub) {
    this.#world = world;
    this.hub = hub;
  }

  /** Null when no answer comes; never resolves for a dead asker. */
  ask(life: Life, who: string, path: string, stationId: string, body: string | null): Promise<Answer | null> {
    const world = this.#world;
    const { down, losesRequest, losesAnswer, doubles, portal, slowestMs } = this.weather;
    const isLost = down || world.chance(losesRequest);
    const isAnswerLost = world.chance(losesAnswer);
    return new Promise((done) => {
      const tell = (answer: Answer | null) =>
        world.after(world.between(1, slowestMs), () => {
          if (!life.dead) done(answer);
        });
      if (portal || isLost) {
        tell(portal ? { status: 200, body: '<html>Please sign in</html>' } : null);
        return;
      }
      if (body !== null && world.chance(doubles)) {
        world.say(who, 'a request arrives twice');
        world.after(world.between(1, 4 * slowestMs), () => void this.#arrive(path, stationId, body));
      }
      world.after(world.between(1, slowestMs), () => {
        if (!this.hub.isUp()) {
          tell(null);
          return;
        }
        // The hub may die while it works: then nobody answers, and the asker gives up.
        const giveUp = world.after(10_000, () => tell(null));
        void this.#arrive(path, stationId, body).then((answer) => {
          giveUp();
          if (isAnswerLost) world.say(who, 'an answer is lost');
          tell(isAnswerLost ? null : answer);
        });
      });
    });
  }

  async #arrive(path: string, stationId: string, body: string | null): Promise<Answer | null> {
    if (!this.hub.isUp()) return null;
    if (path === '/hub/entries') return this.hub.post(stationId, body ?? '');
    if (path.startsWith('/hub/downlink')) return this.hub.downlink(path.includes('rosterVersion=0'));
    return { status: 404, body: '' };
  }
}
