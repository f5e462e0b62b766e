// The page's launcher with everything real: bridge, hub, Chromium on its own profile, killed and started again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Campus, cardOf, createCampus, objectOf } from '../kit/campus.ts';
import { chromiumArgs } from '../kit/chromium.ts';
import { type Program, startProgram, until } from '../kit/programs.ts';

let campus: Campus;
let kiosk: Program | null = null;
/** As this machine needs them: no screen, root. */
const machine = ['--headless=new', '--no-sandbox', ...chromiumArgs.filter((flag) => flag === '--disable-gpu')];

beforeAll(async () => {
  campus = await createCampus({ people: 20, hz: 20 });
  campus.rig.look(objectOf(3650));
});
/** A test that failed in its middle leaves nothing that its second try would stumble over. */
afterEach(async () => {
  await kiosk?.stop();
  if (campus.hub.process.exitCode !== null || campus.hub.process.signalCode !== null) await campus.startHub();
});
afterAll(() => campus?.close());

const start = (...more: string[]) => {
  const flags = [...machine, ...more.filter((one) => one !== '--accept-change')].map((flag) => `--flag=${flag}`);
  const accept = more.filter((one) => one === '--accept-change');
  kiosk = startProgram('kiosk', ['--config', join(campus.folder, 'gate.config.json'), ...flags, ...accept]);
  return kiosk;
};
const page = async (): Promise<{ connected: boolean; lastHeardMs: number | null; unjournaled: number }> =>
  (await (await fetch(`${campus.gateUrl}healthz`)).json()).page;
const isWell = async () => {
  const { connected, lastHeardMs } = await page();
  return connected && lastHeardMs !== null && lastHeardMs < 3_000;
};
const rowsOf = async (n: number) =>
  (
    await campus.query(`select 1 from entries where kind = 'check' and bytes::json->>'personId' = $1`, [
      `T${String(n).padStart(5, '0')}`,
    ])
  ).length;
/** Taps again when nothing came of it: a page that has only just come up may not know the card yet. */
const pass = async (n: number) => {
  for (let tries = 1; (await rowsOf(n)) === 0; tries++) {
    if (tries > 12) throw new Error(`passage ${n} never reached the hub`);
    campus.rig.tap(cardOf(n).uid);
    for (let looks = 0; looks < 50 && (await rowsOf(n)) === 0; looks++) await sleep(100);
  }
};
const journal = () => join(campus.folder, 'bridge', 'journal');
const isJournaled = (n: number) =>
  readdirSync(journal(), { recursive: true, withFileTypes: true }).some(
    (file) =>
      file.isFile() &&
      readFileSync(join(file.parentPath, file.name), 'utf8').includes(`T${String(n).padStart(5, '0')}`),
  );
/** Writers whose seqs at the hub are not 1, 2, 3 ... each once. */
const gaps = () =>
  campus.query('select writer_id from entries group by writer_id having count(*) <> max(seq) or min(seq) <> 1');

/** The main process of Chromium: the launcher's child, with our profile and no type. */
function browserPid(): number | null {
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one))) {
    try {
      const args = readFileSync(join('/proc', name, 'cmdline'), 'utf8').split('\0');
      if (args.some((arg) => arg.startsWith(`--user-data-dir=${campus.folder}`)) && !args.join(' ').includes('--type='))
        return Number(name);
    } catch (error) {
      // Processes come and go while /proc is read.
      if (!(error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH'].includes(String(error.code)))) throw error;
    }
  }
  return null;
}

it('opens the gate, brings it back twice after kill -9, and stops without leaving a process', async () => {
  const program = start();
  await until('the page is heard', isWell, 60_000);
  await pass(1);
  for (const n of [2, 3]) {
    const killed = browserPid();
    expect(killed).not.toBeNull();
    process.kill(killed ?? -1, 'SIGKILL');
    await until('another Chromium', () => browserPid() !== null && browserPid() !== killed);
    await until('the page is back', isWell, 60_000);
    await pass(n);
  }
  expect(await program.stop()).toBe(0);
  expect(browserPid()).toBeNull();
  expect(await gaps()).toEqual([]);
});

it('ends a Chromium that outlived its launcher, and opens the same profile', async () => {
  await start().line(/page-started/);
  await until('the page is heard', isWell, 60_000);
  const orphan = browserPid();
  await kiosk?.kill();
  expect(browserPid()).toBe(orphan);
  const again = start();
  await again.line(/orphan-ended/);
  await until('the page is back', async () => browserPid() !== orphan && (await isWell()), 60_000);
  await pass(4);
  expect(await again.stop()).toBe(0);
});

it('refuses other flags while the hub is away, and takes them when everything is there', async () => {
  await campus.hub.kill();
  const refused = start('--force-color-profile=srgb');
  expect(await refused.ended).toBe(1);
  const said = refused.lines.join('\n');
  expect(said).toContain('总台连不上');
  expect(said).toContain('--accept-change');
  expect(browserPid()).toBeNull();
  const former = start();
  await until('the former flags still open it', isWell, 60_000);
  // A page that has only just come up may miss the first tap.
  await until('the passage is in the journal', async () => {
    campus.rig.tap(cardOf(5).uid);
    for (let looks = 0; looks < 30 && !isJournaled(5); looks++) await sleep(100);
    return isJournaled(5);
  });
  expect(await former.stop()).toBe(0);
  await campus.startHub();
  const changed = start('--force-color-profile=srgb');
  await changed.line(/change-settled/);
  await until('the page is heard', isWell, 60_000);
  await until('what was unsent is there', async () => (await rowsOf(5)) > 0, 60_000);
  await pass(6);
  expect(await gaps()).toEqual([]);
  expect(await changed.stop()).toBe(0);
});
