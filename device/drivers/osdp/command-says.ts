// What the data of an OSDP command say, for whoever reads a capture of both directions. Called by the profile.
import type { Says } from '../driver.ts';
import { type Command, codes, limits } from './commands.ts';

/** Fields of the data of a command by name and size in bytes; times count tenths of a second. */
const layouts: Readonly<Record<number, { name: string; fields: readonly (readonly [string, number])[] }>> = {
  [codes.poll]: { name: 'POLL', fields: [] },
  [codes.id]: { name: 'ID', fields: [['what', 1]] },
  [codes.capabilities]: { name: 'CAP', fields: [['what', 1]] },
  [codes['local-status']]: { name: 'LSTAT', fields: [] },
  [codes['input-status']]: { name: 'ISTAT', fields: [] },
  [codes['output-status']]: { name: 'OSTAT', fields: [] },
  [codes['reader-status']]: { name: 'RSTAT', fields: [] },
  [codes.output]: {
    name: 'OUT',
    fields: [
      ['output', 1],
      ['control', 1],
      ['timerMs', 2],
    ],
  },
  [codes.led]: {
    name: 'LED',
    fields: [
      ['reader', 1],
      ['led', 1],
      ['control', 1],
      ['onMs', 1],
      ['offMs', 1],
      ['color', 1],
      ['offColor', 1],
      ['timerMs', 2],
      ['permanentControl', 1],
      ['permanentOnMs', 1],
      ['permanentOffMs', 1],
      ['permanentColor', 1],
      ['permanentOffColor', 1],
    ],
  },
  [codes.buzzer]: {
    name: 'BUZ',
    fields: [
      ['reader', 1],
      ['tone', 1],
      ['onMs', 1],
      ['offMs', 1],
      ['repeats', 1],
    ],
  },
  [codes.text]: {
    name: 'TEXT',
    fields: [
      ['reader', 1],
      ['control', 1],
      ['seconds', 1],
      ['row', 1],
      ['column', 1],
      ['length', 1],
    ],
  },
  [codes.comset]: {
    name: 'COMSET',
    fields: [
      ['newAddress', 1],
      ['newBaud', 4],
    ],
  },
  117: {
    name: 'KEYSET',
    fields: [
      ['keyType', 1],
      ['length', 1],
    ],
  },
  [codes.challenge]: { name: 'CHLNG', fields: [] },
  [codes['server-cryptogram']]: { name: 'SCRYPT', fields: [] },
};
/** Commands whose fields are followed by bytes of their own. */
const openEnded: ReadonlySet<number> = new Set([codes.text, 0x75, codes.challenge, codes['server-cryptogram']]);

export const nameOfCommand = (code: number) => layouts[code]?.name ?? null;

/** What the data of a command says; null for a code that is not known or data that are too short or too long. */
export function saysOfCommand({ code, data }: Command): Says | null {
  const layout = layouts[code];
  if (!layout) return null;
  const size = layout.fields.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (data.length < size || (data.length > size && !openEnded.has(code))) return null;
  const says: Record<string, string | number> = {};
  let at = 0;
  for (const [name, bytes] of layout.fields) {
    const value = data.subarray(at, at + bytes).reduceRight((sum, one) => sum * 256 + one, 0);
    says[name] = name.endsWith('Ms') ? value * limits.stepMs : value;
    at += bytes;
  }
  if (code !== codes.text) return says;
  if (data.length !== size + (data[size - 1] ?? 0)) return null;
  return { ...says, text: Buffer.from(data.subarray(size)).toString('latin1') };
}
