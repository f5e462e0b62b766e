// The cursor of a feed: a map from hub process to the number of its last event seen. Called by feed.ts.

export type Cursor = Map<string, number>;

/** Stands among the processes, with the number of times that some left every cursor since no row of them is kept. */
export const retired = 'retired';

export const limits = { processes: 2_000, chars: 60_000 } as const;

/** 'c1' for an empty map, else 'c1~process.12~other.3': fits into an SSE id and a URL as it is. */
export function textOfCursor(cursor: ReadonlyMap<string, number>): string {
  return ['c1', ...[...cursor].map(([processId, n]) => `${processId}.${n}`)].join('~');
}

/** The cursor that `text` spells, null when it spells none. */
export function cursorOf(text: string): Cursor | null {
  if (text.length > limits.chars) return null;
  const [version, ...parts] = text.split('~');
  if (version !== 'c1' || parts.length > limits.processes) return null;
  const cursor: Cursor = new Map();
  for (const part of parts) {
    const match = /^([0-9a-z]{1,32})\.(\d{1,15})$/.exec(part);
    if (match?.[1] === undefined || match[2] === undefined) return null;
    cursor.set(match[1], Number(match[2]));
  }
  return cursor;
}
