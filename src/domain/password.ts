// When a password or a PIN is too easy to guess. Called by the hub before either is stored, and by pages to say so at once.

export const limits = { passwordMin: 10, beyondName: 6, pinMin: 4, pinMax: 12 } as const;

export type PasswordWeakness = 'short' | 'name' | 'common';

/** What is tried first by who guesses (from the usual lists of leaked passwords, those of ten characters and more). */
const common = new Set(
  `0123456789 1234567890 0987654321 9876543210 12345678910 1234567891 0123456789a 123456789a 123456789q a123456789 aa123456789
  q123456789 qq123456789 woaini1314 woaini1314520 woaini520 woaini521 woaini5201314 5201314520 1314520520 iloveyou1314 147258369a
  1472583690 1122334455 11223344556 1231231231 1213141516 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4t5 1qaz2wsx3edc zaq12wsxcde qazwsxedc1
  qazwsxedcrfv qwertyuiop qwertyuiop123 qwerty12345 qwerty123456 qwer123456 asdfghjkl1 asdfghjkl123 zxcvbnm123 zxcvbnm1234
  abcdefghij abcd123456 abc1234567 abc123456789 password12 password123 password1234 passw0rd123 p@ssw0rd123 p@ssword123
  administrator admin12345 admin123456 admin@12345 administrator1 letmein1234 welcome123 welcome1234 changeme123 changeme1234
  iloveyou123 sunshine123 princess123 football123 monkey12345 dragon12345 mengang123 mengang1234 mengang12345 school12345
  university1 xuexiao123 laoshi12345 test123456 test1234567 guest123456 root123456 user123456 hello12345 helloworld 888888888888`.split(
    /\s+/,
  ),
);

/** Why `password` will not do for the person of this name; null when it will. Case and blanks make no difference. */
export function passwordWeakness(password: string, name: string): PasswordWeakness | null {
  if ([...password].length < limits.passwordMin) return 'short';
  const plain = plainOf(password);
  const bare = plainOf(name);
  if (bare !== '' && [...plain.replaceAll(bare, '')].length < Math.min(limits.beyondName, [...plain].length))
    return 'name';
  return common.has(plain) || isPattern(plain) ? 'common' : null;
}

/** Whether a PIN is 4 to 12 digits and neither one digit over and over nor a run ('1234', '9876'). */
export function pinFits(pin: string): boolean {
  return /^\d+$/.test(pin) && pin.length >= limits.pinMin && pin.length <= limits.pinMax && !isRun(pin);
}

const plainOf = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s/g, '');

/** A run, or a piece of at most four characters over and over. */
function isPattern(text: string): boolean {
  if (isRun(text)) return true;
  return [1, 2, 3, 4].some(
    (size) =>
      text ===
      text
        .slice(0, size)
        .repeat(Math.ceil(text.length / size))
        .slice(0, text.length),
  );
}

/** Each character follows the one before by the same step of 0, 1 or -1; after 9 comes 0. */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((char, i) => (char.codePointAt(0) ?? 0) - (text.codePointAt(i) ?? 0));
  return [0, 1, -1].some((step) => steps.every((one) => one === step || one === -9 * step));
}
