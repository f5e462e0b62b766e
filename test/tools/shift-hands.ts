// The hands of the guard and of the people at a gate whose shift is driven: taps, looks, touches that are counted and must lie within
// reach, and pictures. Called by the shift program and its table of troubles.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Campus, cardOf, objectOf, screenOf, waitForScreen } from '../kit/campus.ts';
import type { Browser } from '../kit/chromium.ts';
import type { Picture } from '../kit/contact-sheet.ts';
import { root, until } from '../kit/programs.ts';

export const limits = {
  /** ux.md: the thumb zone is the lowest 600 px of 1920. */
  thumbZoneFromY: 1_320,
  /** Touches of a verdict's next act; typing is not counted. */
  touchesMax: 2,
  targetPx: 112,
} as const;

const axeSource = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };

export type Hands = ReturnType<typeof createHands>;

export function createHands(campus: Campus, gate: Browser, folder: string) {
  const { page } = gate;
  const faults: string[] = [];
  const pictures: Picture[] = [];
  let touches = 0;
  let next = 0;
  let language: 'zh' | 'en' = 'zh';
  const at = (testId: string) => page.locator(`[data-testid="${testId}"]`).first();

  /** A touch; `typing`: a key of a keypad, which is not counted but must be large enough all the same. */
  const touch = async (testId: string, typing: boolean) => {
    const target = at(testId);
    await target.waitFor({ timeout: 15_000 });
    const box = await target.boundingBox();
    if (box === null) throw new Error(`${testId} is not to be seen`);
    if (Math.min(box.width, box.height) < limits.targetPx) {
      faults.push(`${testId} is ${Math.round(box.width)} x ${Math.round(box.height)} px`);
    }
    await target.click();
    if (!typing) touches += 1;
    return box;
  };

  const axeFaults = async () => {
    if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
    return page.evaluate(async () => {
      const axe: Axe = Reflect.get(window, 'axe');
      return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
    });
  };

  return {
    campus,
    page,
    faults,
    pictures,
    touches: () => touches,
    language: () => language,
    /** The next act of a verdict: counted, and within the thumb zone. */
    async press(testId: string) {
      const box = await touch(testId, false);
      if (box.y + box.height / 2 < limits.thumbZoneFromY) faults.push(`${testId} lies at ${Math.round(box.y)} px`);
    },
    /** Another counted touch, wherever it lies. */
    touch: (testId: string) => touch(testId, false),
    async type(digits: string, enter = 'keypad-enter') {
      for (const digit of digits) await touch(`keypad-${digit}`, true);
      await touch(enter, true);
    },
    async write(testId: string, text: string) {
      await at(testId).fill(text);
    },
    /** The next ordinary person of the roster. */
    someone: () => ++next,
    tap(n: number) {
      campus.rig.tap(cardOf(n).uid);
    },
    /** Somebody of this temperature stands there; null: nobody. */
    look(bodyCenti: number | null) {
      campus.rig.look(bodyCenti === null ? 2_200 : objectOf(bodyCenti));
    },
    screen: (name: string, timeoutMs = 20_000) => waitForScreen(gate, name, timeoutMs),
    now: () => screenOf(gate),
    text: async (testId: string) => (await at(testId).innerText()).replace(/\s+/g, ' '),
    waitFor: (testId: string) => at(testId).waitFor({ timeout: 20_000 }),
    /** Nobody is there any more, and the screen says so. */
    async goOn() {
      campus.rig.look(2_200);
      await waitForScreen(gate, 'idle', 30_000);
    },
    /** Barrier bytes of one opening since the last `forget`. */
    async opened(n: number) {
      await until(`the barrier opens for ${n}`, () => campus.rig.barrier.receivedHex().includes('a00101a2'), 20_000);
    },
    isShut: () => !campus.rig.barrier.receivedHex().includes('a00101'),
    forget: () => campus.rig.barrier.forget(),
    async speak(next: 'zh' | 'en') {
      if (next === language) return;
      await touch('footer-language', true);
      language = next;
    },
    async shoot(caption: string) {
      await sleep(250); // the colour changes within 120 ms
      const file = join(
        folder,
        `${String(pictures.length + 1).padStart(2, '0')}-${language}-${caption.replace(/\W+/g, '-')}.png`,
      );
      await page.screenshot({ path: file });
      pictures.push({ file, caption: `${language} ${caption}` });
      for (const fault of await axeFaults()) faults.push(`${language} ${caption}: ${fault}`);
    },
  };
}
