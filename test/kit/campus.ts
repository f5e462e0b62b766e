// A whole small campus out of real parts for end-to-end tests: a hub with its own PostgreSQL, a bridge on three ptys, a gate
// page and a clinic board in Chromium, and a roster of our own. Called by test/e2e and test/tools.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type ByteRig, createByteRig } from './byte-rig.ts';
import { type Browser, openChromium } from './chromium.ts';
import { freePort, type Program, runProgram, startProgram, until } from './programs.ts';
import { fillState } from './state-template.ts';

/** Object temperature that gives this body temperature with the rig's offset of 1.2 ℃; both in hundredths. */
export const objectOf = (bodyCenti: number) => bodyCenti - 120;

/** Five-byte UID and printed number of the n-th card of the test roster. */
export function cardOf(n: number): { uid: string; printed: string } {
  const low = 0x00100000 + n;
  return { uid: `01${low.toString(16).toUpperCase().padStart(8, '0')}`, printed: String(low).padStart(10, '0') };
}

export type Campus = {
  folder: string;
  hubUrl: string;
  gateUrl: string;
  hub: Program;
  bridge: Program;
  rig: ByteRig;
  nurse: { name: string; password: string };
  guard: { name: string; pin: string };
  startHub(): Promise<void>;
  startBridge(): Promise<void>;
  /** The gate page on its profile; the same profile every time. */
  openGate(deviceScaleFactor?: number): Promise<Browser>;
  openClinic(): Promise<Browser>;
  /** Rows of the hub's database, asked directly. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
};

export type CampusOptions = {
  people?: number;
  /** More people of the roster: card (as of cardOf), name, whether they are away. */
  more?: readonly { n: number; name: string; away?: boolean }[];
  /** More guards beside the first. */
  guards?: readonly { name: string; pin: string }[];
  hz?: number;
  tapFrames?: number;
  /** Ambient that the thermometer tells, hundredths of a degree; 22 ℃ by default. */
  ambientCenti?: number;
  /** Inspector ports, so that the heap of the two programs can be measured. */
  inspect?: { hub: number; bridge: number };
  /** Leave the hub's folder and everything else in place at the end (for looking). */
  keep?: boolean;
};

/** Builds the campus and waits until both processes answer. `people` cards from cardOf(1) are on the roster. */
export async function createCampus(options: CampusOptions = {}): Promise<Campus> {
  const started: Program[] = [];
  try {
    return await buildCampus(options, started);
  } catch (error) {
    await Promise.all(started.map((program) => program.stop())); // nothing is left running by a campus that did not come up
    throw error;
  }
}

const guard = { name: 'guard', pin: '4826' };
/** What only the commands that made them were told, beside the state. */
const accountsFile = 'accounts.json';

/** A hub that knows a station, a nurse and a guard. */
async function makeState(stateDir: string): Promise<void> {
  const env = { STATE_DIR: stateDir, NODE_ENV: 'production' };
  const wordOf = (output: string, label: RegExp) => {
    const found = label.exec(output);
    if (!found?.[1]) throw new Error(`no ${label} in: ${output}`);
    return found[1];
  };
  const station = await hubCommand(env, '--add-station', '北门一道', '--campus', 'beijing', '--code', 'G03');
  const nurse = await hubCommand(env, '--add-staff', 'nurse', '--role', 'nurse');
  await hubCommand(env, '--add-staff', guard.name, '--role', 'guard', '--pin', guard.pin);
  const token = wordOf(station, /token is shown this once: (\S+)/);
  const password = wordOf(nurse, /one-time password of .*: (\S+)/);
  writeFileSync(join(stateDir, accountsFile), JSON.stringify({ token, password }));
}

async function hubCommand(env: NodeJS.ProcessEnv, ...args: string[]): Promise<string> {
  const done = await runProgram('hub', args, env);
  if (done.code !== 0) throw new Error(`hub ${args[0]}: ${done.output}`);
  return done.output;
}

async function buildCampus(options: CampusOptions, started: Program[]): Promise<Campus> {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-campus-'));
  chmodSync(folder, 0o755); // as root the database runs as its own user, who must reach its data in here
  const [hubPort, gatePort] = [await freePort(), await freePort()];
  const hubEnv = { HUB_PORT: String(hubPort), STATE_DIR: join(folder, 'hub'), NODE_ENV: 'production' };
  const hubUrl = `http://127.0.0.1:${hubPort}`;
  const gateUrl = `http://localhost:${gatePort}/`;
  const answers = async (url: string) => {
    try {
      return (await fetch(url)).ok;
    } catch {
      return false;
    }
  };
  const rosterFile = join(folder, 'roster.csv');
  const rows = Array.from({ length: options.people ?? 50 }, (_, index) => {
    const n = index + 1;
    return `T${String(n).padStart(5, '0')},测试${n},本科生,计算机学院,,${cardOf(n).printed},在校`;
  });
  for (const { n, name, away } of options.more ?? [])
    rows.push(
      `T${String(n).padStart(5, '0')},${name},本科生,计算机学院,,${cardOf(n).printed},${away ? '离校' : '在校'}`,
    );
  writeFileSync(rosterFile, `学号,姓名,类别,单位,宿舍,卡面号,在校状态\n${rows.join('\n')}\n`);

  const inspected = (port: number | undefined) =>
    port === undefined ? {} : { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` };
  const hubProgram = () => startProgram('hub', [], { ...hubEnv, ...inspected(options.inspect?.hub) });
  if (!(await fillState('campus', hubEnv.STATE_DIR, makeState))) await makeState(hubEnv.STATE_DIR);
  const { token, password } = JSON.parse(readFileSync(join(hubEnv.STATE_DIR, accountsFile), 'utf8'));
  const nurse = { name: 'nurse', password: String(password) };
  const hub = hubProgram();
  started.push(hub);
  await until('the hub answers', () => answers(`${hubUrl}/healthz`), 60_000);
  for (const one of options.guards ?? [])
    await hubCommand(hubEnv, '--add-staff', one.name, '--role', 'guard', '--pin', one.pin);
  await hubCommand(hubEnv, '--import-roster', rosterFile);

  mkdirSync(join(folder, 'ports'), { recursive: true });
  const rig = await createByteRig(join(folder, 'ports'), {
    ...(options.hz === undefined ? {} : { hz: options.hz }),
    ...(options.tapFrames === undefined ? {} : { tapFrames: options.tapFrames }),
    ...(options.ambientCenti === undefined ? {} : { ambientCenti: options.ambientCenti }),
  });
  const configFile = join(folder, 'gate.config.json');
  writeFileSync(
    configFile,
    JSON.stringify({
      port: gatePort,
      hubUrl,
      stationToken: token,
      stateDir: join(folder, 'bridge'),
      station: { name: '北门一道', campus: 'beijing', code: 'G03', clinicPhone: '8120' },
      devices: [
        {
          role: 'thermometer',
          profile: 'gy-mcu90614',
          path: rig.thermometer.path,
          baudRate: 9600,
          site: 'forehead',
          bodyOffsetC: 1.2,
        },
        { role: 'reader', profile: 'rdm6300', path: rig.reader.path },
        { role: 'barrier', profile: 'lcus', path: rig.barrier.path, channel: 1, pulseMs: 300 },
      ],
    }),
  );
  const bridgeProgram = () => startProgram('bridge', ['--config', configFile], inspected(options.inspect?.bridge));
  const bridge = bridgeProgram();
  started.push(bridge);
  await until('the bridge answers', () => answers(`${gateUrl}healthz`));

  const open: Browser[] = [];
  const openPage = async (
    profile: string,
    url: string,
    size?: { width: number; height: number; deviceScaleFactor?: number },
  ) => {
    const browser = await openChromium(join(folder, profile), size);
    open.push(browser);
    await browser.page.goto(url);
    return browser;
  };
  const campus: Campus = {
    folder,
    hubUrl,
    gateUrl,
    hub,
    bridge,
    rig,
    nurse,
    guard,
    async startHub() {
      campus.hub = hubProgram();
      await until('the hub answers again', () => answers(`${hubUrl}/healthz`), 60_000);
    },
    async startBridge() {
      campus.bridge = bridgeProgram();
      await until('the bridge answers again', () => answers(`${gateUrl}healthz`));
    },
    openGate: (deviceScaleFactor = 0.5) =>
      openPage('gate-profile', gateUrl, { width: 1080, height: 1920, deviceScaleFactor }),
    async openClinic() {
      const browser = await openPage('clinic-profile', `${hubUrl}/clinic`, { width: 1280, height: 800 });
      await browser.page.locator('[data-testid="sign-in"] input').first().fill(nurse.name);
      await browser.page.locator('[data-testid="sign-in"] input[type="password"]').fill(nurse.password);
      await browser.page.keyboard.press('Enter');
      nurse.password = await setLastingPassword(browser, nurse.password);
      await browser.page.locator('[data-testid="connection"]').waitFor();
      return browser;
    },
    async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) {
      const notes = JSON.parse(await readFile(join(folder, 'hub', 'database.json'), 'utf8'));
      const client = new pg.Client({
        connectionString: `postgres://mengang:${notes.password}@127.0.0.1:${notes.port}/mengang`,
      });
      await client.connect();
      try {
        return (await client.query<Row>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    async close() {
      for (const browser of open) await browser.close().catch(() => undefined); // killed by the test itself
      await Promise.all([campus.bridge.stop(), campus.hub.stop()]);
      await rig.close();
      if (!options.keep) rmSync(folder, { recursive: true, force: true });
    },
  };
  return campus;
}

/** Whoever signs in with a one-time password is asked for a lasting one at once; answers the one that counts from now on. */
export async function setLastingPassword({ page }: Browser, once: string): Promise<string> {
  const sheet = page.locator('[data-testid="password-dialog"]');
  await sheet.or(page.locator('[data-testid="change-password"]')).first().waitFor();
  if ((await sheet.count()) === 0) return once;
  const lasting = `lasting ${once}`;
  for (const name of ['fresh', 'repeated']) await sheet.locator(`[name="${name}"]`).fill(lasting);
  await sheet.locator('[data-testid="save-password"]').click();
  await sheet.locator('.say-good').waitFor();
  await sheet.locator('.sheet-actions .plain').click();
  await sheet.waitFor({ state: 'detached' });
  return lasting;
}

/** The gate's screen as its root element says it. */
export async function screenOf(browser: Browser) {
  const root = browser.page.locator('main[data-screen]');
  return {
    screen: await root.getAttribute('data-screen'),
    reason: await root.getAttribute('data-reason'),
    saved: await root.getAttribute('data-saved'),
  };
}

/** The gate reaches its hub and knows the people: before that a tap is an unknown card. */
export async function waitForRoster(browser: Browser): Promise<void> {
  await until('the roster is on the gate', async () => {
    const state = await browser.page.locator('[data-testid="hub"]').getAttribute('data-state');
    const people = await browser.page.locator('main').getAttribute('data-people');
    return state === 'online' && Number(people) > 0;
  });
}

/** Waits until the gate shows this screen. */
export async function waitForScreen(browser: Browser, screen: string, timeoutMs = 15_000): Promise<void> {
  await browser.page.locator(`main[data-screen="${screen}"]`).waitFor({ timeout: timeoutMs });
}
