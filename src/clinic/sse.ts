// Server-sent events out of pieces of text: bounded, any split gives the same events. Called by clinic-feed.

/** Characters that may be held for one unfinished event. */
export const limits = { eventChars: 262_144 } as const;

export type SseEvent = { id: string | null; data: string };

export class SseOverflow extends Error {}

/** A parser for one connection. `push` throws SseOverflow when an event does not end within the bound. */
export function sseParser(): { push(piece: string): SseEvent[] } {
  let rest = '';
  let data: string[] = [];
  let held = 0;
  let id: string | null = null;

  const line = (text: string, events: SseEvent[]) => {
    if (text === '') {
      if (data.length > 0) events.push({ id, data: data.join('\n') });
      data = [];
      held = 0;
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') {
      data.push(value);
      held += value.length;
    } else if (field === 'id' && !value.includes('\0')) id = value;
  };

  return {
    push(piece) {
      const events: SseEvent[] = [];
      rest += piece;
      for (;;) {
        const match = /\r\n|\n|\r(?!$)/.exec(rest);
        if (!match) break;
        line(rest.slice(0, match.index), events);
        rest = rest.slice(match.index + match[0].length);
      }
      if (rest.length + held > limits.eventChars) throw new SseOverflow();
      return events;
    },
  };
}
