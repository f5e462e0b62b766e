import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limits, SseOverflow, sseParser } from '../../src/clinic/sse.ts';

it('any split of the text gives the same events', () => {
  const text = ': hi\r\nid: a\r\ndata: {"x":1}\r\n\r\nid: b\ndata: one\ndata: two\n\nevent: z\ndata:three\n\n';
  const whole = [
    { id: 'a', data: '{"x":1}' },
    { id: 'b', data: 'one\ntwo' },
    { id: 'b', data: 'three' },
  ];
  expect(sseParser().push(text)).toEqual(whole);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const parser = sseParser();
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(at.slice(1).flatMap((end, index) => parser.push(text.slice(at[index], end)))).toEqual(whole);
    }),
  );
});

it('an unfinished event gives nothing', () => expect(sseParser().push('data: {"x":1}\n')).toEqual([]));

it('a line or an event without an end is refused at the bound', () => {
  expect(() => sseParser().push('x'.repeat(limits.eventChars + 1))).toThrow(SseOverflow);
  const parser = sseParser();
  expect(() => {
    for (let i = 0; i < 300; i++) parser.push(`data: ${'x'.repeat(1_000)}\n`);
  }).toThrow(SseOverflow);
});
