// Lines of bounded length out of bytes, on @serialport/parser-readline: the parser has no limit and is quadratic without a
// delimiter (facts.md, finding 5), so it is only ever given one whole line. Called by the line driver.
import { ReadlineParser } from '@serialport/parser-readline';
import { createTornEnds } from '../torn-ends.ts';

/** `text` without the end, latin1; null for a line that was too long. `isTorn`: its first byte may be a damaged end of the line before. */
export type BoundedLine = { text: string | null; isTorn: boolean };

export type BoundedLines = {
  /** Whole lines without their ends (CR, LF or both). Empty lines are dropped. */
  push(bytes: Uint8Array): BoundedLine[];
  /** Drops the unfinished line; true when there was one. */
  reset(): boolean;
  held(): number;
};

export function createBoundedLines(lineBytesMax: number): BoundedLines {
  const line = new Uint8Array(lineBytesMax);
  let length = 0;
  /** Bytes of a line that is too long are dropped up to its end. */
  let isOverlong = false;
  // latin1: utf8 carries a bad byte into the next line, ascii strips bit 7 and makes readings out of noise.
  const parser = new ReadlineParser({ delimiter: '\n', encoding: 'latin1', readableObjectMode: true });

  const ends = createTornEnds();
  let isTorn = false;

  const whole = (lines: BoundedLine[]) => {
    if (isOverlong) lines.push({ text: null, isTorn: false });
    else if (length > 0) {
      parser.write(Buffer.concat([line.subarray(0, length), Buffer.of(0x0a)]));
      for (let text: unknown = parser.read(); text !== null; text = parser.read())
        lines.push({ text: String(text), isTorn });
    }
    length = 0;
    isOverlong = false;
  };

  return {
    push(bytes) {
      const lines: BoundedLine[] = [];
      for (const byte of bytes) {
        if (byte === 0x0a || byte === 0x0d) {
          whole(lines);
          ends.end(byte);
        } else if (length < lineBytesMax) {
          if (length === 0) isTorn = ends.begin();
          line[length] = byte;
          length += 1;
        } else isOverlong = true;
      }
      return lines;
    },
    reset() {
      const wasHolding = length > 0;
      length = 0;
      isOverlong = false;
      // Within a connection a device goes on ending its lines as before: only the half line is gone.
      return wasHolding;
    },
    held: () => length,
  };
}
