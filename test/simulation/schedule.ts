// What may happen at a campus in one step of a simulated shift, with its weight. Called by run-seed.
import type { Campus } from './run-seed.ts';
import type { RosterPerson } from './sim-hub.ts';
import type { SimStation } from './sim-station.ts';

type Step = { weight: number; run(campus: Campus, station: SimStation): void };

export function personOf(n: number): RosterPerson {
  return { personId: `p-${n}`, uid: `0A0B0C0D${String(n).padStart(2, '0')}` };
}

/** One step, drawn by weight; a step that makes no sense now passes over. */
export function act(campus: Campus): void {
  const { world } = campus;
  let left = world.random() * total;
  const station = world.pick(campus.stations as [SimStation, ...SimStation[]]);
  for (const step of steps) {
    left -= step.weight;
    if (left < 0) {
      step.run(campus, station);
      return;
    }
  }
}

const steps: readonly Step[] = [
  { weight: 30, run: passage },
  {
    weight: 3,
    run: ({ world }, { page, id }) => {
      world.say(id, 'an entry of a kind that no hub knows');
      page?.recordUnknown();
    },
  },
  {
    weight: 3,
    run: ({ world }, station) =>
      downFor(
        world,
        [50, 4_000],
        () => station.killPage(),
        () => station.startPage(),
      ),
  },
  {
    weight: 3,
    run: ({ world }, station) =>
      downFor(
        world,
        [50, 4_000],
        () => station.killBridge(),
        () => station.startBridge(),
      ),
  },
  {
    weight: 4,
    run: ({ world }, station) =>
      downFor(
        world,
        [200, 5_000],
        () => station.cutPower(),
        () => {
          station.startBridge();
          world.after(world.between(0, 500), () => station.startPage());
        },
      ),
  },
  {
    weight: 1,
    run: ({ world }, station) => {
      station.killPage();
      station.loseStore();
      world.after(world.between(50, 2_000), () => station.startPage());
    },
  },
  {
    weight: 4,
    run: ({ world, hub }) =>
      hub.isUp() &&
      downFor(
        world,
        [50, 6_000],
        () => hub.kill(),
        () => hub.start(),
      ),
  },
  { weight: 2, run: ({ hub }) => hub.backUp() },
  {
    weight: 2,
    run: ({ world, hub }) => {
      if (!hub.isUp()) return;
      hub.kill();
      hub.restore();
      world.after(world.between(50, 3_000), () => !hub.isUp() && hub.start());
    },
  },
  {
    weight: 2,
    run: ({ world }, station) => station.stepClock(world.pick([-3_600_000, 3_600_000, -2_500, 7_000, -86_400_000])),
  },
  {
    weight: 2,
    run: ({ world }, station) => {
      world.say(station.id, 'the disk is full');
      station.disk.full = true;
      station.profile.trouble = world.pick(['quota', 'hang', 'none']);
      world.after(world.between(300, 8_000), () => {
        world.say(station.id, 'the disk has room again');
        station.disk.full = false;
        station.profile.trouble = 'none';
      });
    },
  },
  {
    weight: 2,
    run: ({ world, hub }) => {
      const [what, say] = world.pick([
        ['full', "the hub's disk is full"],
        ['revoked', 'the hub enrols nobody'],
      ] as const);
      world.say('hub', say);
      hub[what] = true;
      world.after(world.between(300, 6_000), () => {
        hub[what] = false;
      });
    },
  },
  {
    weight: 2,
    run: ({ world, hub }, { id, bridge }) => {
      const head = bridge?.journal.heads('page').at(-1);
      if (head === undefined) return;
      const entryAhead = `"writerId":"${head.writerId}","seq":${head.seq + 1},`;
      world.say('hub', `chokes on the next entry of ${id}`);
      hub.chokesOn = entryAhead;
    },
  },
  {
    weight: 8,
    run: ({ world, network }) => {
      const { weather } = network;
      weather.down = world.chance(0.25);
      weather.portal = !weather.down && world.chance(0.1);
      weather.losesRequest = world.pick([0, 0, 0.3]);
      weather.losesAnswer = world.pick([0, 0.3, 0.6]);
      weather.doubles = world.pick([0, 0.3, 0.5]);
      weather.slowestMs = world.pick([10, 80, 600, 4_000]);
      world.say('network', describe(weather));
    },
  },
];

const total = steps.reduce((sum, { weight }) => sum + weight, 0);

type Clockwork = Pick<Campus['world'], 'after' | 'between'>;
function downFor(world: Clockwork, [low, high]: [number, number], down: () => void, up: () => void): void {
  down();
  world.after(world.between(low, high), up);
}

/** A few samples of one temperature and a card, before or after them. */
function passage({ world }: Campus, station: SimStation): void {
  const person = personOf(world.whole(0, 6));
  const centiCelsius = world.pick([3_640, 3_650, 3_660, 3_640, 3_720, 3_850, 3_740, 3_390]);
  const cardFirst = world.chance(0.3);
  const tap = () => station.bridge?.signal({ type: 'tap', uid: person.uid });
  world.say(station.id, `card of ${person.personId}, ${centiCelsius / 100}`);
  if (cardFirst) tap();
  for (let n = 0; n < 3; n++)
    world.after(60 * (n + 1), () => station.bridge?.signal({ type: 'sample', centiCelsius: centiCelsius + n }));
  if (!cardFirst) world.after(250, tap);
}

function describe(weather: Campus['network']['weather']): string {
  if (weather.down) return 'down';
  if (weather.portal) return 'a captive portal';
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `loses ${percent(weather.losesRequest)} of requests, ${percent(weather.losesAnswer)} of answers, doubles ${percent(weather.doubles)}, up to ${weather.slowestMs} ms`;
}
