// Whether a line of text begins behind an end that lacks its last byte: in a stream whose lines end in two bytes (CR LF, or ETX and
// the next STX) a damaged second one stands in front of the next line as if it were a part of it. Called by line and hex-line.

export type TornEnds = {
  /** An end byte. */
  end(byte: number): void;
  /** The first byte of a line: true when the end before lacks the last byte of what ends the lines of this stream. */
  begin(): boolean;
};

type End = { first: number; count: number };
const none: End = { first: -1, count: 0 };

export function createTornEnds(): TornEnds {
  let usual = none;
  let run = none;
  let wasTorn = false;
  return {
    end: (byte) => {
      run = { first: run.count === 0 ? byte : run.first, count: run.count + 1 };
    },
    begin: () => {
      // Where the first byte is missing it stands behind the line before, and this line is whole.
      const isTorn = usual.count > 1 && run.count === usual.count - 1 && run.first === usual.first && !wasTorn;
      // Twice in a row it is no damage but how this device ends its lines.
      if (!isTorn) usual = run;
      wasTorn = isTorn;
      run = none;
      return isTorn;
    },
  };
}
