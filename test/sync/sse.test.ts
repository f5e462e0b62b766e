import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSseParser, limits } from '../../src/sync/sse.ts';

it('any split of the text gives the same events', () => {
  const text = ': hi\r\nid: a\r\ndata: {"x":1}\r\n\r\nid: b\ndata: one\ndata: two\n\nevent: z\ndata:three\n\n';
  const whole = [
    { id: 'a', data: '{"x":1}' },
    { id: 'b', data: 'one\ntwo' },
    { id: 'b', data: 'three' },
  ];
  expect(createSseParser()(text)).toEqual(whole);
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const parser = createSseParser();
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(at.slice(1).flatMap((end, index) => parser(text.slice(at[index], end)))).toEqual(whole);
    }),
  );
});

it('an unfinished event gives nothing', () => expect(createSseParser()('data: {"x":1}\n')).toEqual([]));

it('a line or an event without an end is refused at the bound', () => {
  expect(() => createSseParser()('x'.repeat(limits.eventChars + 1))).toThrow(RangeError);
  const parser = createSseParser();
  expect(() => {
    for (let i = 0; i < 300; i++) parser(`data: ${'x'.repeat(1_000)}\n`);
  }).toThrow(RangeError);
});
