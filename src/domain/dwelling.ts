// Where a resident lives, read from the roster's one text: building, floor, room, bed. Called by staff.ts (scopes), the hub and the
// rounds page.

export type Dwelling = { building: string; floor: string; room: string; bed: string | null };

/** Place of a round for rooms that name no building. */
export const unnamedBuilding = '-';

/** '3 号楼 402-3': building, then a room of three or four digits, then perhaps a bed. */
const written = /^(.*?)[\s/-]*([A-Za-z]?\d{3,4}[A-Za-z]?)(?:[室房]?[\s/-]*(\d{1,2})(?:[床号]|号床)?)?[室房]?$/u;

/**
 * The floor is what stands before the last two digits of the room. A dash inside the building parts an entrance from it: '2-1-101' is room
 * 1-101 of building 2. What cannot be parted is a building with one unnamed room.
 */
export function dwellingOf(text: string): Dwelling {
  const [, before = '', room, bed] = written.exec(text.trim()) ?? [];
  if (room === undefined) return { building: text.trim() || unnamedBuilding, floor: '', room: '', bed: null };
  const [building = '', ...entrance] = before.split('-').map((part) => part.trim());
  const floor = room.replace(/\D/g, '').slice(0, -2);
  return {
    building: building || unnamedBuilding,
    floor,
    room: [...entrance, room].join('-'),
    bed: bed ?? null,
  };
}

/** The same room, whatever bed. */
export function isSameRoom(a: string, b: string): boolean {
  const [one, other] = [dwellingOf(a), dwellingOf(b)];
  return one.building === other.building && one.room === other.room;
}
