// The framer by itself: bounded, linear, the same for any split, silent about what it has said already.
import { describe, expect, test } from 'vitest';
import { createFramer, type FrameRules, type Judgement } from '../../device/framer.ts';
import { ascii, decodeAll, noiseBytes, reasonsOf, seeded } from './byte-tools.ts';

/** A toy format: '<', one digit n, n characters, '>'. */
function toyRules(onJudge: () => void = () => undefined): FrameRules {
  const judge = (bytes: Uint8Array): Judgement => {
    onJudge();
    if (bytes[0] !== 0x3c) return { is: 'bad', reason: 'noise', span: 1 };
    const size = (bytes[1] ?? 0x30) - 0x30;
    if (size < 0 || size > 9) return { is: 'bad', reason: 'length', span: 2 };
    if (bytes.length < size + 3 || bytes.length < 2) return { is: 'more' };
    if (bytes[size + 2] !== 0x3e) return { is: 'bad', reason: 'checksum', span: size + 3 };
    const text = Buffer.from(bytes.subarray(2, size + 2)).toString('latin1');
    return { is: 'frame', length: size + 3, event: { kind: 'tap', uid: text, printed: null } };
  };
  return { frameBytesMax: 12, slackBytes: 0, judge };
}
const framer = (onJudge?: () => void) => createFramer(toyRules(onJudge));
const tap = (uid: string) => ({ kind: 'tap', uid, printed: null });

describe('framer', () => {
  test('a good frame inside a bad one is found', () => {
    // Only silence tells that the longer frame never comes to its end.
    expect(framer().push(ascii('<9ab<2xy>'))).toEqual([]);
    expect(decodeAll(framer(), ascii('<9ab<2xy>'))).toEqual([{ kind: 'rejected', reason: 'truncated' }, tap('xy')]);
    expect(decodeAll(framer(), ascii('<5ab<2xy>'))).toEqual([{ kind: 'rejected', reason: 'checksum' }, tap('xy')]);
  });

  test('a bad frame is one refusal, however many bytes it takes to get past it', () => {
    expect(reasonsOf(decodeAll(framer(), ascii('<3a<bc<1x>')))).toHaveLength(2);
    expect(decodeAll(framer(), ascii('<3abc!<1x><3abc!<1x>'))).toEqual([
      { kind: 'rejected', reason: 'checksum' },
      tap('x'),
      { kind: 'rejected', reason: 'checksum' },
      tap('x'),
    ]);
  });

  test('two bad frames one behind the other are two refusals', () => {
    expect(reasonsOf(decodeAll(framer(), ascii('<3abc!<3abc!')))).toEqual(['checksum', 'checksum']);
  });

  test('a run of noise is one refusal, and the next run is another', () => {
    expect(decodeAll(framer(), ascii('zzzzz<1x>zzz'))).toEqual([
      { kind: 'rejected', reason: 'noise' },
      tap('x'),
      { kind: 'rejected', reason: 'noise' },
    ]);
  });

  test('any split of any bytes gives the same events', () => {
    const random = seeded(7);
    const alphabet = '<>0123ab<<33';
    for (let round = 0; round < 300; round += 1) {
      const text = Array.from({ length: 60 }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
      const whole = decodeAll(framer(), ascii(text));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < text.length; ) {
        const size = 1 + Math.floor(random() * 6);
        pieces.push(ascii(text.slice(at, at + size)));
        at += size;
      }
      expect(decodeAll(framer(), ...pieces), text).toEqual(whole);
    }
  });

  test('a judge that never decides is answered with overflow, not with memory', () => {
    const decoder = createFramer({ frameBytesMax: 8, slackBytes: 0, judge: () => ({ is: 'more' }) });
    for (let round = 0; round < 100; round += 1) {
      decoder.push(new Uint8Array(1_000));
      expect(decoder.held()).toBeLessThan(8);
    }
    expect(
      reasonsOf(
        createFramer({ frameBytesMax: 8, slackBytes: 0, judge: () => ({ is: 'more' }) }).push(new Uint8Array(9)),
      ),
    ).toEqual(['overflow']);
  });

  test('work is linear in the bytes: judged a bounded number of times each', () => {
    const judgedFor = (count: number, pieceBytes: number) => {
      let judged = 0;
      const decoder = framer(() => {
        judged += 1;
      });
      const bytes = noiseBytes(count, seeded(3)).map((byte) => (byte < 128 ? 0x3c : 0x39));
      for (let at = 0; at < count; at += pieceBytes) decoder.push(bytes.subarray(at, at + pieceBytes));
      return judged;
    };
    for (const pieceBytes of [1, 7, 4_096]) {
      const small = judgedFor(262_144, pieceBytes);
      const large = judgedFor(1_048_576, pieceBytes);
      expect(large / small).toBeLessThan(4.2);
      expect(large / 1_048_576).toBeLessThan(14);
    }
  });
});
