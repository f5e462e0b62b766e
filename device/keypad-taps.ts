// Keys of an OSDP reader as a card number typed by hand: digits, then the hash; the star begins anew. Called by bridge-osdp.

export const limits = { digitsMin: 4, digitsMax: 20, betweenMs: 5_000 } as const;

export type Keypad = {
  /** The numbers that are complete with these keys ('0' to '9', '*', '#'); anything else begins anew. */
  press(keys: string, atMs: number): string[];
  /** The device is gone: half a number does not wait for the next person. */
  forget(): void;
};

export function createKeypad(): Keypad {
  let digits = '';
  let lastAtMs = Number.NEGATIVE_INFINITY;
  return {
    press: (keys, atMs) => {
      if (atMs - lastAtMs > limits.betweenMs) digits = '';
      lastAtMs = atMs;
      const numbers: string[] = [];
      for (const key of keys) {
        if (key >= '0' && key <= '9') {
          // A number that is too long is nobody's: it stays too long until the hash or the star.
          if (digits.length <= limits.digitsMax) digits += key;
          continue;
        }
        if (key === '#' && digits.length >= limits.digitsMin && digits.length <= limits.digitsMax) numbers.push(digits);
        digits = '';
      }
      return numbers;
    },
    forget: () => {
      digits = '';
    },
  };
}
