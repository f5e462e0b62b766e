// Fifteen kinds of trouble (and a few more) that meet a gate within a shift: how each begins, what must stand on the screen, and the
// act that ends it. A table; played by the shift program.
import type { Hands } from './shift-hands.ts';

export type Trouble = {
  name: string;
  /** Who comes: somebody ordinary, or one of the people prepared for this. */
  who?: 'isolated' | 'away' | 'asked' | 'unknown';
  /** The verdict that must stand there before the act. */
  verdict: string;
  begin(hands: Hands, n: number): Promise<void>;
  /** The next act, at most two touches; typing is not counted. */
  act(hands: Hands, n: number): Promise<void>;
  /** What stands there afterwards; `shut`: no barrier bytes in all of it. */
  after: string;
  shut: boolean;
};

const stands = async (hands: Hands, n: number, bodyCenti: number | null) => {
  hands.look(bodyCenti);
  hands.tap(n);
};

export const troubles: readonly Trouble[] = [
  {
    name: 'too low, then by hand at the wrist',
    verdict: 'again',
    begin: (hands, n) => stands(hands, n, 3_440),
    async act(hands) {
      hands.look(null);
      await hands.press('handheld');
      await hands.touch('site-wrist');
      await hands.type('364');
    },
    after: 'admit',
    shut: false,
  },
  {
    name: 'out of range, then right',
    verdict: 'again',
    begin: (hands, n) => stands(hands, n, 3_370),
    async act(hands) {
      hands.look(null);
      await hands.press('retry');
      hands.look(3_650);
    },
    after: 'admit',
    shut: false,
  },
  {
    name: 'nobody before the thermometer, then there',
    verdict: 'again',
    begin: (hands, n) => stands(hands, n, null),
    async act(hands) {
      await hands.press('retry');
      hands.look(3_650);
    },
    after: 'admit',
    shut: false,
  },
  {
    name: 'leaves before the second try',
    verdict: 'again',
    begin: (hands, n) => stands(hands, n, 3_440),
    async act(hands) {
      hands.look(null);
      await hands.press('leave');
    },
    after: 'idle',
    shut: true,
  },
  {
    name: 'refuses to be measured again',
    verdict: 'again',
    begin: (hands, n) => stands(hands, n, 3_440),
    act: (hands) => hands.press('refuse'),
    after: 'deny',
    shut: true,
  },
  {
    name: 'fever',
    verdict: 'refer',
    begin: (hands, n) => stands(hands, n, 3_760),
    async act(hands) {
      hands.look(null); // the person steps aside
      await hands.press('handover');
    },
    after: 'idle',
    shut: true,
  },
  {
    name: 'high fever, and a contact reading for the case',
    verdict: 'refer',
    begin: (hands, n) => stands(hands, n, 3_850),
    async act(hands) {
      hands.look(null);
      await hands.press('evidence');
      await hands.type('384');
    },
    after: 'refer',
    shut: true,
  },
  {
    name: 'under an order of isolation',
    who: 'isolated',
    verdict: 'deny',
    begin: (hands, n) => stands(hands, n, 3_650),
    async act(hands) {
      hands.look(null);
      await hands.press('dismiss');
    },
    after: 'idle',
    shut: true,
  },
  {
    name: 'a card that nobody knows',
    who: 'unknown',
    verdict: 'hold',
    begin: (hands, n) => stands(hands, n, 3_650),
    async act(hands) {
      hands.look(null);
      await hands.press('leave');
    },
    after: 'idle',
    shut: true,
  },
  {
    name: 'away without leave to return',
    who: 'away',
    verdict: 'hold',
    begin: (hands, n) => stands(hands, n, 3_650),
    async act(hands) {
      hands.look(null);
      await hands.press('dismiss');
    },
    after: 'idle',
    shut: true,
  },
  {
    name: 'questions, all answered no',
    who: 'asked',
    verdict: 'hold',
    begin: (hands, n) => stands(hands, n, 3_650),
    act: (hands) => hands.press('answer-clear'),
    after: 'admit',
    shut: false,
  },
  {
    name: 'questions, a symptom',
    who: 'asked',
    verdict: 'hold',
    begin: (hands, n) => stands(hands, n, 3_650),
    act: (hands) => hands.press('answer-symptom'),
    after: 'refer',
    shut: true,
  },
  {
    name: 'the thermometer is pulled, and a value typed',
    verdict: 'trouble',
    async begin(hands, n) {
      await hands.campus.rig.thermometer.unplug();
      await hands.screen('trouble');
      hands.tap(n);
    },
    async act(hands) {
      await hands.press('handheld');
      await hands.type('365');
    },
    after: 'admit',
    shut: false,
  },
  {
    name: 'the card reader is pulled and plugged in',
    verdict: 'trouble',
    async begin(hands) {
      hands.look(null);
      await hands.campus.rig.reader.unplug();
    },
    async act(hands) {
      // First the press: a reader that is plugged in is found without one, and the button goes.
      await hands.press('reconnect');
      await hands.campus.rig.reader.plug();
    },
    after: 'idle',
    shut: true,
  },
  {
    name: 'the hub is gone, people pass all the same',
    verdict: 'admit',
    async begin(hands, n) {
      await hands.campus.hub.stop();
      await stands(hands, n, 3_650);
    },
    async act(hands, n) {
      await hands.opened(n);
      hands.look(null);
      await hands.campus.startHub();
    },
    after: 'idle',
    shut: false,
  },
];
