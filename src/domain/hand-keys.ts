// Which two physical keys a guard with gloves uses, as text in the kiosk's browser. Pure; read by the gate page, set in the settings.

/** `KeyboardEvent.code` of each key, acknowledge first. */
export type HandKeys = readonly [acknowledge: string, next: string];
export const handKeysName = 'mengang-keys';
/** Enter and + of a numeric keypad. */
export const defaultHandKeys: HandKeys = ['NumpadEnter', 'NumpadAdd'];

/** What is kept: two codes with a space between; anything else means the defaults. */
export function readHandKeys(kept: string | null): HandKeys {
  const [acknowledge, next, ...more] = (kept ?? '').split(' ');
  return acknowledge && next && acknowledge !== next && more.length === 0 ? [acknowledge, next] : defaultHandKeys;
}
