// The lines of the osdp tool: commands as they come in, events as they go out. Called by osdp-tool.

import { checkedOptions } from '../drivers/options.ts';
import { type Command, commandOf, commandOptions } from '../drivers/osdp/commands.ts';
import type { UnitEvent } from '../drivers/osdp/control-unit.ts';
import { osdpToolTexts } from '../texts-osdp.ts';
import { lineOfEvent } from './event-line.ts';

export const limits = { lineBytes: 4_096, idChars: 64, withinMs: 1_000, withinMsMax: 10_000 } as const;

/** What may be asked for while the tool runs. */
export const orderNames = ['led', 'buzzer', 'text', 'output'] as const;

export type OrderLine = { address: number; id: string; command: Command; forMs: number };

/**
 * `{"command":"output","timerMs":3000}`: the name under `command` (or `cmd`), the options of `encode` as texts or numbers, and
 * where they are wanted `address`, `id` (comes back with the result) and `withinMs` (later it is not sent any more).
 * Throws a RangeError with one sentence.
 */
export function orderOfLine(text: string, addresses: readonly number[], defaultId: string): OrderLine {
  const { command, cmd, address, id, withinMs, ...rest } = fieldsOf(text);
  const name = command ?? cmd ?? '';
  const known = orderNames.find((one) => one === name);
  if (known === undefined) throw new RangeError(osdpToolTexts.notOneOf('command', name.slice(0, 40), orderNames));
  const only = addresses.length === 1 ? String(addresses[0]) : '';
  const to = addresses.find((one) => String(one) === (address ?? only));
  if (to === undefined) throw new RangeError(osdpToolTexts.whichAddress(addresses));
  const options = checkedOptions({ name: 'osdp', options: commandOptions }, rest);
  return {
    address: to,
    id: (id ?? defaultId).slice(0, limits.idChars),
    command: commandOf(known, options),
    forMs: forMsOf(withinMs),
  };
}

function forMsOf(text: string | undefined): number {
  if (text === undefined) return limits.withinMs;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= limits.withinMsMax) return value;
  throw new RangeError(osdpToolTexts.notWhole('withinMs', text.slice(0, 40), 1, limits.withinMsMax));
}

type Fields = Record<string, string> & Partial<Record<'command' | 'cmd' | 'address' | 'id' | 'withinMs', string>>;

function fieldsOf(text: string): Fields {
  const value = parsedJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RangeError(osdpToolTexts.notJson);
  const fields = Object.entries(value).map(([name, field]): [string, string] => {
    if (typeof field === 'string' || (typeof field === 'number' && Number.isFinite(field)))
      return [name, String(field)];
    throw new RangeError(osdpToolTexts.badField(name.slice(0, 40)));
  });
  return Object.fromEntries(fields);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RangeError(osdpToolTexts.notJson);
  }
}

/** One event as one line of JSON. */
export function lineOfUnitEvent(address: number, event: UnitEvent): string {
  switch (event.is) {
    case 'event':
      return lineOfEvent(event.event);
    case 'state': {
      const { state, secure, reason } = event;
      return JSON.stringify({ kind: 'state', address, state, secure, ...(reason === null ? {} : { reason }) });
    }
    case 'result': {
      const { id, outcome, code } = event;
      return JSON.stringify({ kind: 'result', address, id, outcome, ...(code === null ? {} : { code }) });
    }
    default:
      return event satisfies never;
  }
}
