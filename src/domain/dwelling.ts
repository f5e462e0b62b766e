// Where a resident lives, read from the roster's one text: building, floor, room, bed. Called by staff.ts (scopes), the hub and the
// rounds page.

export type Dwelling = { building: string; floor: string; room: string; bed: string | null };

/** Place of a round for rooms that name no building. */
export const unnamedBuilding = '-';

/** What people write behind a room (`shi`, `fang`) and behind a bed (`chuang`, `hao`): signs of the roster's own writing, no text of ours. */
const [roomSigns, bedSigns, numberSign] = ['\u5ba4\u623f', '\u5e8a\u53f7', '\u53f7\u5e8a'];
/** '3 hao lou 402-3': building, then a room of three or four digits, then perhaps a bed. */
const written = new RegExp(
  `^(.*?)[\\s/-]*([A-Za-z]?\\d{3,4}[A-Za-z]?)(?:[${roomSigns}]?[\\s/-]*(\\d{1,2})(?:[${bedSigns}]|${numberSign})?)?[${roomSigns}]?$`,
  'u',
);

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
