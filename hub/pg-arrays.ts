// Arrays as PostgreSQL takes them in binary: a column of a batch is one parameter, which the server copies instead of parsing. Called
// by upload-store.ts. The layout is that of array_recv: dimensions, element type, then each element behind its length.

/** Type numbers of PostgreSQL's catalogue; they are the same on every server. */
const oids = { int8: 20, text: 25, uuid: 2950 } as const;
const headBytes = 20;
const lengthBytes = 4;

/** For a parameter of type `bigint[]`: safe integers. */
export function int8Array(values: readonly number[]): Buffer {
  const array = emptyArray(oids.int8, values.length, values.length * 8, false);
  values.forEach((value, index) => {
    const at = headBytes + index * (lengthBytes + 8);
    array.writeInt32BE(8, at);
    array.writeBigInt64BE(BigInt(value), at + lengthBytes);
  });
  return array;
}

/** For a parameter of type `text[]`, in UTF-8. */
export function textArray(values: readonly string[]): Buffer {
  const bytes = values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  const array = emptyArray(oids.text, values.length, bytes, false);
  let at = headBytes;
  for (const value of values) {
    const written = array.write(value, at + lengthBytes);
    at = array.writeInt32BE(written, at) + written;
  }
  return array;
}

/** For a parameter of type `uuid[]`: 36 characters each, or null. Throws a RangeError for any other text. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  const known = values.filter((value) => value !== null).length;
  const array = emptyArray(oids.uuid, values.length, known * 16, known < values.length);
  let at = headBytes;
  for (const value of values) {
    if (value === null) {
      at = array.writeInt32BE(-1, at);
      continue;
    }
    at = array.writeInt32BE(16, at);
    const written = value.length === 36 ? array.write(value.replaceAll('-', ''), at, 'hex') : 0;
    if (written !== 16) throw new RangeError('no UUID');
    at += 16;
  }
  return array;
}

/** An array of one dimension, from index 1 on, with room for the elements and their lengths. */
function emptyArray(oid: number, count: number, elementBytes: number, hasNull: boolean): Buffer {
  const array = Buffer.allocUnsafe(headBytes + count * lengthBytes + elementBytes);
  for (const [index, word] of [1, hasNull ? 1 : 0, oid, count, 1].entries()) array.writeInt32BE(word, index * 4);
  return array;
}
