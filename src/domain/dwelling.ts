// Where a resident lives, read from the roster's one text: building, floor, room, bed. Called by the hub and the rounds page.

export type Dwelling = { building: string; floor: string; room: string; bed: string | null };

/** '3 号楼 402-3': building, then a room of three or four digits, then perhaps a bed. */
const written = /^(.*?)[\s/-]*([A-Za-z]?\d{3,4}[A-Za-z]?)(?:[室房]?[\s/-]*(\d{1,2})(?:[床号]|号床)?)?[室房]?$/u;

/** The floor is what stands before the last two digits of the room. What cannot be parted is a building with one unnamed room. */
export function dwellingOf(text: string): Dwelling {
  const found = written.exec(text.trim());
  const [, building = '', room, bed] = found ?? [];
  if (room === undefined) return { building: tidy(text), floor: '', room: '', bed: null };
  const digits = room.replace(/\D/g, '');
  return { building: tidy(building), floor: digits.slice(0, -2), room, bed: bed ?? null };
}

/** '3 号楼' and '3号楼' are one building. */
function tidy(text: string): string {
  return text
    .trim()
    .replace(/\s+/gu, ' ')
    .replace(/(\d) (?=[号栋幢#])/gu, '$1');
}
