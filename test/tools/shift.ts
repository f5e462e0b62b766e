// `npm run shift [-- --to FOLDER] [--passages N]`: a guard's whole shift at a gate in a real Chromium at 1080x1920, in both languages:
// sign-in, 200 passages with every kind of trouble, two cases, a visitor, a forgotten card, a vehicle, handover. Counts the touches,
// measures every target touched, and leaves a contact sheet of pictures. Exit code 1 when a promise does not hold.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCampus, waitForRoster, waitForScreen } from '../kit/campus.ts';
import { writeContactSheet } from '../kit/contact-sheet.ts';
import { until } from '../kit/programs.ts';
import { numberArgument } from './seeded.ts';
import { createHands, type Hands, limits } from './shift-hands.ts';
import { type Trouble, troubles } from './shift-troubles.ts';

const at = process.argv.indexOf('--to');
const folder = at < 0 ? join('test-results', 'shift') : (process.argv[at + 1] ?? '.');
const passages = numberArgument('passages', 200);
mkdirSync(folder, { recursive: true });

const second = { name: '李保安', pin: '7391' };
const third = { name: '王保安', pin: '5528' };
const special = { isolated: 5_001, away: 5_101, asked: 5_201, forgot: 5_301, driver: 5_401 } as const;
const each = Array.from({ length: 4 }, (_, index) => index);
const campus = await createCampus({
  people: passages + 60,
  hz: 30,
  guards: [second, third],
  more: [
    ...each.map((n) => ({ n: special.isolated + n, name: `赵静${n}` })),
    ...each.map((n) => ({ n: special.away + n, name: `钱远${n}`, away: true })),
    ...each.map((n) => ({ n: special.asked + n, name: `孙回${n}` })),
    { n: special.forgot, name: '欧阳王' },
    ...each.map((n) => ({ n: special.driver + n, name: `周车${n}` })),
  ],
});
const idOf = (n: number) => `T${String(n).padStart(5, '0')}`;

/** Orders as a nurse gives them: isolation for some; for others home observation that has just ended, so that questions are due. */
async function giveOrders(): Promise<void> {
  const origin = campus.hubUrl;
  const call = (path: string, body: unknown, cookie = '') =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify(body),
    });
  const signed = await call('/hub/session', campus.nurse);
  const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? '';
  const order = async (change: 'begin' | 'end', personId: string, kind: 'isolation' | 'home') => {
    const days = change === 'begin' ? 14 : null;
    const answer = await call('/hub/orders', { change, personId, order: kind, days, reason: '演练' }, cookie);
    if (!answer.ok) throw new Error(`order: ${answer.status} ${await answer.text()}`);
  };
  for (const n of each) {
    await order('begin', idOf(special.isolated + n), 'isolation');
    await order('begin', idOf(special.asked + n), 'home');
    await order('end', idOf(special.asked + n), 'home');
  }
}

async function signIn(hands: Hands, guard: { name: string; pin: string }): Promise<void> {
  await hands.touch('footer-shift');
  await hands.page.locator('[data-testid^="guard-"]', { hasText: guard.name }).click();
  await hands.type(guard.pin);
  await until('signed in', async () => (await hands.page.locator('[data-testid="shift"]').count()) === 0);
}

const counts = new Map<string, number>();
const used = new Map<string, number>();
let played = 0;

async function ordinary(hands: Hands): Promise<void> {
  const before = hands.touches();
  const n = hands.someone();
  hands.forget();
  hands.look(3_600 + 10 * (n % 9));
  hands.tap(n);
  await hands.opened(n);
  played += 1;
  if (hands.touches() !== before) hands.faults.push(`an ordinary passage needed ${hands.touches() - before} touches`);
}

async function trouble(hands: Hands, one: Trouble): Promise<void> {
  const nth = used.get(one.name) ?? 0;
  used.set(one.name, nth + 1);
  const asked = one.who === 'asked' && one.after === 'refer' ? 2 : 0;
  const n =
    one.who === undefined ? hands.someone() : one.who === 'unknown' ? 9_000 + nth : special[one.who] + nth + asked;
  await hands.goOn();
  hands.forget();
  await one.begin(hands, n);
  await hands.screen(one.verdict);
  await hands.shoot(one.name);
  const before = hands.touches();
  await one.act(hands, n);
  const touches = hands.touches() - before;
  if (touches > limits.touchesMax) hands.faults.push(`${one.name}: ${touches} touches`);
  await hands.screen(one.after);
  await hands.shoot(`${one.name} (after)`);
  if (one.shut && !hands.isShut()) hands.faults.push(`${one.name}: the barrier moved`);
  counts.set(one.name, touches);
  played += 1;
  if (!one.shut) await hands.opened(n);
  // What was pulled is plugged in again; who waits aside has gone.
  await campus.rig.thermometer.plug();
  const { screen } = await hands.now();
  if (screen === 'refer' || screen === 'deny') await hands.touch(screen === 'refer' ? 'handover' : 'dismiss');
}

/** Somebody forgot their card: found by initials on the pad, picked, measured. */
async function forgottenCard(hands: Hands): Promise<void> {
  await hands.goOn();
  hands.forget();
  await hands.press('footer-guests');
  await hands.press('menu-find');
  for (const digit of '699') await hands.touch(`pad-${digit}`); // o y w
  await hands.shoot('forgotten card');
  await hands.touch('found');
  hands.look(3_650);
  await hands.screen('admit');
  await hands.opened(special.forgot);
  await hands.shoot('forgotten card (after)');
  played += 1;
}

/** A visitor: measured from the start, registered meanwhile, approved by a second guard, asked, admitted. */
async function visitor(hands: Hands): Promise<void> {
  await hands.goOn();
  hands.forget();
  await hands.press('footer-guests');
  await hands.press('menu-visitor');
  hands.look(3_640); // measured while the form is filled in
  await hands.write('visitor-name', '张师傅');
  await hands.shoot('visitor, name');
  await hands.touch('next');
  await hands.type('13800000000', 'next');
  await hands.write('visitor-unit', '后勤处');
  await hands.touch('purpose-repair');
  await hands.shoot('visitor, host and purpose');
  await hands.touch('next');
  await hands.touch('approve-second');
  await hands.page.locator('[data-testid^="second-"]', { hasText: second.name }).click();
  await hands.type(second.pin);
  await until('the form is closed', async () => (await hands.page.locator('[data-testid="room"]').count()) === 0);
  await hands.screen('hold', 30_000);
  await hands.waitFor('answer-clear');
  await hands.shoot('visitor, questions');
  await hands.press('answer-clear');
  await hands.screen('admit');
  await hands.opened(0);
  await hands.shoot('visitor (after)');
  played += 1;
}

/** Two people in a car: the barrier moves after the last of them, once. */
async function vehicle(hands: Hands, nth: number): Promise<void> {
  await hands.goOn();
  hands.forget();
  await hands.press('footer-guests');
  await hands.press('menu-vehicle');
  await hands.touch('seats-2');
  for (const seat of [0, 1]) {
    hands.look(3_640);
    hands.tap(special.driver + 2 * nth + seat);
    await hands.screen('admit');
    await hands.shoot(`vehicle, person ${seat + 1}`);
    if (seat === 0 && !hands.isShut()) hands.faults.push('the barrier moved before the last of the vehicle');
    if (seat === 0) await hands.goOn();
    played += 1;
  }
  await hands.opened(0);
}

/** The shift goes over, with its cases one by one. */
async function handOver(hands: Hands, to: { name: string; pin: string }): Promise<void> {
  await hands.goOn();
  await hands.press('footer-shift');
  await hands.page.locator('[data-testid^="guard-"]', { hasText: to.name }).click();
  await hands.waitFor('handover-next');
  for (const name of ['take-case', 'take-rest']) {
    for (const one of await hands.page.locator(`[data-testid="${name}"]`).all()) await one.click();
  }
  await hands.shoot('handover');
  await hands.touch('handover-next');
  await hands.type(to.pin);
  await until('handed over', async () => (await hands.page.locator('[data-testid="shift"]').count()) === 0);
  const rows = await until('the handover is at the hub', async () => {
    const found = await campus.query<{ bytes: string }>("select bytes from entries where kind = 'handover'");
    return found.length > 0 ? found : null;
  });
  const { counts: told, cases } = JSON.parse(rows.at(-1)?.bytes ?? '{}') as { counts: object; cases: string[] };
  console.log(`handover: ${JSON.stringify(told)}, ${cases.length} cases taken over`);
  if (cases.length < 2) hands.faults.push(`only ${cases.length} cases were handed over`);
}

const gate = await campus.openGate(0.5);
try {
  await giveOrders();
  await waitForRoster(gate);
  await until(
    'everybody is on the gate',
    async () => Number(await gate.page.locator('main').getAttribute('data-people')) > passages + 60,
  );
  await waitForScreen(gate, 'idle');
  const hands = createHands(campus, gate, folder);
  await hands.shoot('nobody on duty');
  await signIn(hands, campus.guard);
  await hands.shoot('idle');
  const perTrouble = Math.max(1, Math.floor(passages / 2 / (troubles.length + 1)));
  for (const language of ['zh', 'en'] as const) {
    await hands.speak(language);
    for (const one of troubles) {
      for (let n = 0; n < perTrouble; n++) await ordinary(hands);
      await trouble(hands, one).catch(async (error: unknown) => {
        await hands.shoot(`failed: ${one.name}`);
        throw new Error(`${one.name}: the gate stands at ${JSON.stringify(await hands.now())}`, { cause: error });
      });
    }
    await forgottenCard(hands);
    await visitor(hands);
    await vehicle(hands, language === 'zh' ? 0 : 1);
    while (played < (language === 'zh' ? passages / 2 : passages)) await ordinary(hands);
    await handOver(hands, language === 'zh' ? third : campus.guard);
    console.log(`${language}: ${played} passages`);
  }
  // Everything that was shown is at the hub, once.
  await until('the queue is empty', async () => (await hands.text('queue')) === '0', 60_000);
  const rows = await campus.query<{ verdict: string; n: string }>(
    "select bytes::json->>'verdict' as verdict, count(*) as n from entries where kind = 'check' group by 1 order by 1",
  );
  console.log(`at the hub: ${rows.map(({ verdict, n }) => `${verdict} ${n}`).join(', ')}`);
  await writeContactSheet(gate.context, hands.pictures, join(folder, 'contact-sheet.png'));
  console.table([...counts].map(([name, touches]) => ({ trouble: name, touches })));
  for (const fault of hands.faults) console.log(fault);
  console.log(`${played} passages, ${hands.pictures.length} pictures: ${join(folder, 'contact-sheet.png')}`);
  console.log(hands.faults.length === 0 ? '全部符合 · all hold' : '不符合 · does not hold');
  process.exitCode = hands.faults.length === 0 ? 0 : 1;
} finally {
  await campus.close();
}
