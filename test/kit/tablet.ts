// A tablet of the rounds for end-to-end tests: its own browser profile, enrolled by a code, with a member of staff signed in.
import { makePairing } from '../../hub/pairing.ts';
import type { Role } from '../../hub/roles.ts';
import { putStaff } from '../../hub/staff.ts';
import { type Browser, openChromium } from './chromium.ts';
import type { TestHub } from './hub.ts';

export type TabletOf = {
  /** Of the browser's profile. */
  folder: string;
  name: string;
  /** What of: 'building' unless `kind` says otherwise. */
  places: readonly string[];
  kind: 'building' | 'class';
  role: Role;
  /** Where the page comes from, ending with a slash: the hub, or what stands before it. */
  url: string;
  /** Before the page is opened. */
  prepare(browser: Browser): Promise<void>;
};

const password = 'a long password';

/** Answers when the first bed is shown. */
export async function openTablet(
  hub: TestHub,
  given: Pick<TabletOf, 'folder' | 'name' | 'places'> & Partial<TabletOf>,
): Promise<Browser> {
  const { name, places, kind = 'building', role = 'dorm-manager', url = hub.url } = given;
  const nowMs = hub.clock.nowMs();
  const { staffId } = await putStaff(hub.hub.pool, { name, role, password, once: false, pin: null }, nowMs);
  for (const place of places)
    await hub.hub.pool.query('insert into staff_scopes (staff_id, kind, value) values ($1, $2, $3)', [
      staffId,
      kind,
      place,
    ]);
  const station = { name: `${name} 平板`, campus: 'beijing', code: null };
  const { code } = await makePairing(hub.hub.ledger, station, 'test', nowMs);
  const browser = await openChromium(given.folder, { width: 1280, height: 800 });
  const { page } = browser;
  try {
    await page.addInitScript(() => {
      // Nobody tears off a sheet here.
      window.print = () => undefined;
    });
    await given.prepare?.(browser);
    await page.goto(`${url}rounds`);
    await page.locator('[name="name"]').fill(name);
    await page.locator('[name="password"]').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('[name="code"]').fill(code);
    await page.keyboard.press('Enter');
    await page.locator('[data-testid="bed-line"]').waitFor();
    return browser;
  } catch (error) {
    await browser.close();
    throw error;
  }
}
