// Server-sent events out of a byte stream, bounded. Called by the feed.

export const limits = { eventChars: 65_536 } as const;

export type SseEvent = { id: string | null; data: string };

/** Feed it decoded text piece by piece; complete events come out. Throws a RangeError beyond 64 Ki characters an event. */
export function createSseParser(): (text: string) => SseEvent[] {
  let rest = '';
  let id: string | null = null;
  let data: string[] = [];
  let size = 0;

  return (text) => {
    const events: SseEvent[] = [];
    rest += text;
    // A line ends with \n, \r\n or \r; a \r at the very end may be half of \r\n and waits.
    for (let match = /\r\n|\n|\r(?!$)/.exec(rest); match !== null; match = /\r\n|\n|\r(?!$)/.exec(rest)) {
      const line = rest.slice(0, match.index);
      rest = rest.slice(match.index + match[0].length);
      if (line === '') {
        if (data.length > 0) events.push({ id, data: data.join('\n') });
        data = [];
        size = 0;
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'id') id = value;
      if (field === 'data') {
        size += value.length;
        if (size > limits.eventChars) throw new RangeError('an event of the feed is too long');
        data.push(value);
      }
    }
    if (rest.length > limits.eventChars) throw new RangeError('a line of the feed is too long');
    return events;
  };
}
