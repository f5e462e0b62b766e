// Pictures of the pages that stand on a desk or a tablet: rounds, office, administration. Called by screenshots.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makePairing } from '../../hub/pairing.ts';
import type { Role } from '../../hub/roles.ts';
import { importRoster } from '../../hub/roster-import.ts';
import { putStaff } from '../../hub/staff.ts';
import { campusDay, startOfDayMs } from '../../src/domain/campus-day.ts';
import { openChromium } from '../kit/chromium.ts';
import { startTestHub } from '../kit/hub.ts';
import { root } from '../kit/programs.ts';

const limits = { overviewMs: 11_000 } as const;
const password = 'pictures for the README';
const house = '3号公寓';
const officeTabs = ['people', 'orders', 'notices', 'rounds'] as const;

/** Writes `rounds-*`, `office-*` and `admin-*` in both languages into `folder`, at 1280 x 800. */
export async function shootDesks(folder: string): Promise<void> {
  const profiles = mkdtempSync(join(tmpdir(), 'mengang-pictures-'));
  const hub = await startTestHub({ pagesDir: join(root, 'dist', 'pages') });
  // 07:00: the early round is open, whatever the time of this program.
  hub.clock.addMs(startOfDayMs(campusDay(Date.now())) + 7 * 3_600_000 - Date.now());
  try {
    const rows = Array.from(
      { length: 48 },
      (_, n) =>
        `2019${String(n + 1).padStart(6, '0')},同学${n + 1},本科生,计算机学院,${house} ${101 + Math.floor(n / 4)}-${1 + (n % 4)},on-campus`,
    );
    const csv = Buffer.from(`personId,name,category,unit,room,presence\n${rows.join('\n')}`);
    await importRoster(hub.hub.ledger, csv, { file: 'x', by: 'pictures', acceptValidRows: false });
    const staff = async (name: string, role: Role) =>
      (await putStaff(hub.hub.pool, { name, role, password, once: false, pin: null }, hub.clock.nowMs())).staffId;
    const manager = await staff('张楼长', 'dorm-manager');
    await hub.hub.pool.query("insert into staff_scopes (staff_id, kind, value) values ($1, 'building', $2)", [
      manager,
      house,
    ]);
    await staff('防控办', 'office');
    await staff('管理员', 'admin');
    const open = async (name: string, path: string) => {
      const browser = await openChromium(join(profiles, name), { width: 1280, height: 800, deviceScaleFactor: 1 });
      await browser.page.goto(`${hub.url}${path}`);
      await browser.page.locator('[name="name"]').fill(name);
      await browser.page.locator('[name="password"]').fill(password);
      await browser.page.keyboard.press('Enter');
      const shoot = async (picture: string) => {
        await sleep(400);
        await browser.page.screenshot({ path: join(folder, `${picture}.png`) });
        console.log(`${picture}.png`);
      };
      return { ...browser, shoot };
    };
    const turn = { zh: 'en', en: 'zh' } as const;

    const { code } = await makePairing(
      hub.hub.ledger,
      { name: `${house} 平板`, campus: 'beijing', code: null },
      'pictures',
      hub.clock.nowMs(),
    );
    const rounds = await open('张楼长', 'rounds');
    await rounds.page.locator('[name="code"]').fill(code);
    await rounds.page.keyboard.press('Enter');
    await rounds.page.locator('[data-testid="bed-line"]').first().waitFor();
    for (const value of ['365', '362', '368', '364', '359', '366']) {
      await rounds.page.keyboard.type(value);
      await rounds.page.keyboard.press('Enter');
    }
    for (const language of ['zh', 'en'] as const) {
      await rounds.shoot(`rounds-${language}`);
      if (turn[language] === 'en') await rounds.page.locator('[data-testid="language"]').click();
    }
    await rounds.close();

    // The hub keeps an overview of the rounds for ten seconds.
    await sleep(limits.overviewMs);
    const office = await open('防控办', 'office');
    for (const language of ['zh', 'en'] as const) {
      for (const tab of officeTabs) {
        await office.page.locator(`[data-testid="tab-${tab}"]`).click();
        await office.shoot(`office-${tab}-${language}`);
      }
      await office.page.locator('[data-testid="language"]').click();
    }
    await office.close();

    const admin = await open('管理员', 'admin');
    for (const language of ['zh', 'en'] as const) {
      await admin.page.locator('[data-testid="tab-people"]').waitFor();
      await admin.shoot(`admin-${language}`);
      await admin.page.locator('[data-testid="language"]').click();
    }
    await admin.close();
  } finally {
    await hub.stop();
    rmSync(profiles, { recursive: true, force: true });
  }
}
