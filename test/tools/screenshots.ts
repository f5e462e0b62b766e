// `npm run screenshots [-- --to FOLDER]`: walks a gate, its settings and a clinic board through their states, driven by bytes, looks at
// rounds, office and administration, and keeps a picture of each for the README (docs/images), in Chinese and English.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cardOf, createCampus, objectOf, waitForRoster, waitForScreen } from '../kit/campus.ts';
import { shootDesks } from './screenshots-desks.ts';

const at = process.argv.indexOf('--to');
const folder = at < 0 ? join('docs', 'images') : (process.argv[at + 1] ?? '.');
mkdirSync(folder, { recursive: true });

const campus = await createCampus({ people: 60 });
try {
  const gate = await campus.openGate(0.5);
  await waitForRoster(gate);
  const shoot = async (name: string) => {
    await sleep(300); // the colour changes within 120 ms
    await gate.page.screenshot({ path: join(folder, `gate-${name}.png`) });
    console.log(`gate-${name}.png`);
  };
  const come = (n: number, bodyCenti: number | null) => {
    campus.rig.look(bodyCenti === null ? 2200 : objectOf(bodyCenti));
    campus.rig.tap(cardOf(n).uid);
  };
  const leave = async () => {
    campus.rig.look(2200);
    await sleep(1_200);
  };
  let person = 1;
  for (const language of ['zh', 'en']) {
    if (language === 'en') await gate.page.locator('[data-testid="footer-language"]').click();
    campus.rig.look(2200);
    await waitForScreen(gate, 'idle', 30_000);
    await shoot(`idle-${language}`);
    come(person++, null);
    await sleep(700);
    await shoot(`measuring-${language}`);
    campus.rig.look(objectOf(3650));
    await waitForScreen(gate, 'admit');
    await shoot(`admit-${language}`);
    await leave();
    come(person++, 3440);
    await waitForScreen(gate, 'again');
    await shoot(`again-${language}`);
    await leave();
    come(person++, 3730);
    await waitForScreen(gate, 'refer');
    await sleep(800);
    await shoot(`refer-${language}`);
    await leave();
    await sleep(2_000); // a card is ignored for 3 s after its verdict
    come(person - 1, 3650);
    await waitForScreen(gate, 'deny');
    await shoot(`deny-${language}`);
    await leave();
    come(9_000, 3650);
    await waitForScreen(gate, 'hold');
    await shoot(`hold-${language}`);
    await leave();
    await campus.rig.thermometer.unplug();
    come(person++, 3650);
    await waitForScreen(gate, 'trouble');
    await shoot(`trouble-${language}`);
    await campus.rig.thermometer.plug();
    await sleep(4_500);
  }
  // The settings are behind a guard's PIN; their language is their own.
  await gate.page.goto(new URL('/settings', campus.gateUrl).href);
  await gate.page.locator('[data-testid^="guard-"]').first().click();
  await gate.page.locator('[data-testid="pin"]').fill(campus.guard.pin);
  await gate.page.keyboard.press('Enter');
  campus.rig.look(objectOf(3650));
  for (const language of ['zh', 'en']) {
    for (const panel of ['devices', 'instruments']) {
      await gate.page.locator(`[data-testid="tab-${panel}"]`).click();
      await sleep(1_200);
      await gate.page.screenshot({ path: join(folder, `settings-${panel}-${language}.png`) });
      console.log(`settings-${panel}-${language}.png`);
    }
    await gate.page.locator('[data-testid="language"]').click();
  }
  const clinic = await campus.openClinic();
  await clinic.page.locator('[data-testid="card"]').first().waitFor();
  await clinic.page.locator('[data-testid="next"]').first().click();
  await sleep(600);
  await clinic.page.screenshot({ path: join(folder, 'clinic-zh.png') });
  await clinic.page.locator('[data-testid="language"]').click();
  await sleep(300);
  await clinic.page.screenshot({ path: join(folder, 'clinic-en.png') });
  console.log('clinic-zh.png clinic-en.png');
} finally {
  await campus.close();
}
await shootDesks(folder);
