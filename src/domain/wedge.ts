// Tells a card number typed by a USB keyboard-wedge reader from a person typing: a burst of quick keys ended by Enter.
// Pure; called by the gate page with key events and by the `hid-wedge` profile with bytes.

export const limits = {
  /** Readers send a key each 2-50 ms (ID TECH, MagTek; HID polling 10 ms); slow ones need up to 120. A person needs more. */
  gapMs: 50,
  gapMsMax: 120,
  minChars: 4,
  maxChars: 40,
} as const;

export type Wedge = {
  /**
   * One key at a monotonic instant in ms: a single character, or 'Enter'. Answers the card number that this key
   * completes, else null. Modifier keys (Shift, CapsLock, ...) are ignored; do not pass auto-repeated keys of a held key.
   */
  key(key: string, atMs: number): string | null;
  /** Forgets what was typed so far. */
  reset(): void;
  /** Characters held at this moment. */
  held(): number;
};

/** Digits, hex letters, and the comma of '080,35121'. */
const cardCharacter = /^[0-9A-Fa-f,]$/;
const modifiers = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock']);

/** For a reader that sends its keys `gapMs` apart. Throws a RangeError outside 1..120 ms. */
export function slowWedge(gapMs: number): Wedge {
  if (!(gapMs >= 1 && gapMs <= limits.gapMsMax)) throw new RangeError(`gapMs must be 1..${limits.gapMsMax}`);
  return createWedge(gapMs);
}

export function createWedge(gapMs: number = limits.gapMs): Wedge {
  let typed = '';
  /** The burst holds a key that no card has, or is too long: nothing of it counts until Enter or a pause. */
  let isSpoiled = false;
  let lastMs: number | null = null;

  const reset = () => {
    typed = '';
    isSpoiled = false;
    lastMs = null;
  };

  return {
    key(key, atMs) {
      if (modifiers.has(key)) return null;
      const sinceMs = lastMs === null ? null : atMs - lastMs;
      const isQuick = sinceMs !== null && sinceMs >= 0 && sinceMs <= gapMs;
      if (key === 'Enter' || key === '\r' || key === '\n') {
        const number = isQuick && !isSpoiled && typed.length >= limits.minChars ? typed : null;
        reset();
        return number;
      }
      if (!isQuick) reset();
      lastMs = atMs;
      if (isSpoiled || !cardCharacter.test(key) || typed.length >= limits.maxChars) {
        isSpoiled = true;
        typed = '';
      } else {
        typed += key;
      }
      return null;
    },
    reset,
    held: () => typed.length,
  };
}
