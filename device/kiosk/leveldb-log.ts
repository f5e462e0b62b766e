// Reads a LevelDB write-ahead log block by block and tells where its last sound record ends; no file, no clock. Called by
// torn-logs. Format: LevelDB's doc/log_format.md, the same since 2011.

export const limits = { blockBytes: 32_768, headerBytes: 7 } as const;

/** Fragment kinds; 0 is what a power cut leaves of a file that had been made longer before it was written. */
const kinds = { full: 1, first: 2, middle: 3, last: 4 } as const;

export type LogVerdict = {
  /** Bytes read. */
  size: number;
  /** Where the last whole record ends, its block's padding included; 0 when there is none. */
  soundEnd: number;
  /** Whole records. */
  records: number;
  /** Blocks with unsound bytes *before* `soundEnd`: damage, not a torn tail. */
  damagedBlocks: number;
};

export type LogScan = {
  /** The next block: 32,768 bytes, fewer only for the last one. Throws a RangeError for a block behind a short one. */
  take(block: Uint8Array): void;
  verdict(): LogVerdict;
};

/** Keeps a few numbers, whatever the file's length. After an unsound record it goes on at the next block, as LevelDB does. */
export function createLogScan(): LogScan {
  let size = 0;
  let soundEnd = 0;
  let records = 0;
  let isInside = false;
  let suspectBlocks = 0;
  let damagedBlocks = 0;

  const sound = (end: number): void => {
    soundEnd = end;
    damagedBlocks += suspectBlocks;
    suspectBlocks = 0;
  };

  const fragment = (kind: number, end: number): void => {
    const begins = kind === kinds.full || kind === kinds.first;
    // A record that was begun and not ended is damage as soon as a sound one follows; one without a beginning belongs to it.
    if (begins === isInside) suspectBlocks += 1;
    if (kind === kinds.full || (kind === kinds.last && isInside)) {
      records += 1;
      sound(end);
    }
    if (begins) isInside = kind === kinds.first;
    else if (kind === kinds.last) isInside = false;
  };

  return {
    take: (block) => {
      if (size % limits.blockBytes !== 0 || block.length > limits.blockBytes) throw new RangeError('blocks of 32 KiB');
      const start = size;
      size += block.length;
      const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
      let at = 0;
      while (at + limits.headerBytes <= block.length) {
        const length = view.getUint16(at + 4, true);
        const kind = block[at + 6] ?? 0;
        const end = at + limits.headerBytes + length;
        const isKnown = kind >= kinds.full && kind <= kinds.last;
        if (!isKnown || end > block.length || view.getUint32(at, true) !== masked(crc32c(block, at + 6, end))) {
          suspectBlocks += 1;
          isInside = false;
          return;
        }
        fragment(kind, start + end);
        at = end;
      }
      // Fewer than seven bytes hold no record: zeros up to the block's end are padding of the record before them.
      const rest = block.subarray(at);
      if (rest.length > 0 && !isInside && soundEnd === start + at && soundEnd > 0) {
        if (block.length === limits.blockBytes && rest.every((byte) => byte === 0)) sound(size);
      }
    },
    verdict: () => ({ size, soundEnd, records, damagedBlocks }),
  };
}

/** CRC-32C (Castagnoli) of `bytes` from `from` to `to`. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffffffff;
  for (let at = from; at < to; at++) crc = (table[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** LevelDB stores its checksums turned and shifted, so that a checksum of checksums is no weak one. */
export function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});
