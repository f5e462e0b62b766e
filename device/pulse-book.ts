// What this bridge remembers for its last look before a pulse, fed by its journal and by second persons' PINs. Called by bridge.
import type { Entry } from '../src/domain/entry.ts';
import { checkMayPulse, type PulseBounds } from '../src/domain/may-pulse.ts';
import { emptyMemory, type PulseMemory, rememberEntry, rememberSignature } from '../src/domain/pulse-memory.ts';

export type PulseBook = {
  memory(): PulseMemory;
  /** An entry of this station that is new to the journal. */
  stored(entry: Entry, entryId: string): void;
  /** A second person's PIN was right for this passage. */
  signed(staffId: string, passageId: string): void;
};

export function createPulseBook(parts: {
  stationId: string;
  nowMs: () => number;
  bounds: () => PulseBounds;
}): PulseBook {
  let memory = emptyMemory;
  return {
    memory: () => memory,
    stored(entry, entryId) {
      if (entry.station !== parts.stationId) return;
      const bounds = parts.bounds();
      const around = {
        signedIn: bounds.signedIn,
        nowMs: parts.nowMs(),
        opensAlone: entry.kind === 'check' && checkMayPulse(entry, { ...bounds, memory }) === true,
      };
      memory = rememberEntry(memory, entryId, entry, around);
    },
    signed(staffId, passageId) {
      memory = rememberSignature(memory, staffId, passageId, parts.nowMs());
    },
  };
}
