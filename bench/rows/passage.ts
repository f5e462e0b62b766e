// Row "passage": a card's last byte on the wire until the verdict is painted, both copies on their way, in a Chromium with
// nothing attached: a script beside the page tells its console when the paint has come. Called by main.ts.
import { spawn } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { cardOf, createCampus, objectOf } from '../../test/kit/campus.ts';
import { chromiumArgs } from '../../test/kit/chromium.ts';
import { root, startCommand, until } from '../../test/kit/programs.ts';
import { median, p99, type Row } from '../table.ts';

/**
 * The admitted screen stands for 1.5 s; the next card comes when it has gone. `samplesMs`: three samples behind the card, 10 ms apart,
 * take at least that long before the byte that decides is on the wire.
 */
const limits = {
  passages: 100,
  warmUp: 10,
  everyMs: 1_900,
  paintMs: 5_000,
  frameMs: 1_000 / 60,
  samplesMs: 20,
} as const;

const probe = `
let seen = 'start';
new MutationObserver(() => {
  const screen = document.querySelector('main')?.dataset.screen ?? 'none';
  if (screen === seen) return;
  seen = screen;
  if (screen !== 'admit' && screen !== 'idle') return;
  const now = () => performance.timeOrigin + performance.now();
  const changed = now();
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => console.info('bench-painted ' + screen + ' ' + now() + ' ' + changed);
    channel.port2.postMessage(0);
  });
}).observe(document, { subtree: true, childList: true, attributes: true });
`;

/** A copy of the built programs and pages with the probe in the gate's page. */
function probedBuild(): string {
  const folder = join(root, 'dist', 'bench-gate');
  rmSync(folder, { recursive: true, force: true });
  for (const part of ['node', 'pages']) cpSync(join(root, 'dist', part), join(folder, part), { recursive: true });
  const page = join(folder, 'pages', 'index.html');
  writeFileSync(join(folder, 'pages', 'assets', 'bench-probe.js'), probe);
  writeFileSync(
    page,
    readFileSync(page, 'utf8').replace('</head>', '<script src="/assets/bench-probe.js"></script></head>'),
  );
  return folder;
}

export async function passageRow(): Promise<Row> {
  const build = probedBuild();
  const campus = await createCampus({ people: limits.passages + limits.warmUp, hz: 100, tapFrames: 1 });
  await campus.bridge.stop();
  const config = join(campus.folder, 'gate.config.json');
  const bridge = startCommand(process.execPath, [join(build, 'node', 'bridge.js'), '--config', config]);
  await until(
    'the bridge answers',
    async () => (await fetch(`${campus.gateUrl}healthz`).catch(() => null))?.ok ?? false,
  );
  const browser = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    [
      ...chromiumArgs,
      '--headless=new',
      '--enable-logging=stderr',
      '--window-size=1080,1920',
      `--user-data-dir=${join(campus.folder, 'bench-profile')}`,
      campus.gateUrl,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let painted: (screen: string, atMs: number, changedMs: number) => void = () => undefined;
  createInterface({ input: browser.stderr }).on('line', (line) => {
    const found = /bench-painted (\S+) ([\d.]+) ([\d.]+)/.exec(line);
    if (found) painted(found[1] ?? '', Number(found[2]), Number(found[3]));
  });
  const nextPaint = (screen: string) =>
    new Promise<{ atMs: number; changedMs: number }>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${screen} was not painted`)), limits.paintMs * 6);
      painted = (name, atMs, changedMs) => {
        if (name !== screen) return;
        clearTimeout(timer);
        resolve({ atMs, changedMs });
      };
    });
  try {
    await nextPaint('idle');
    await sleep(2_000); // the roster comes down
    campus.rig.look(objectOf(3650));
    const times: number[] = [];
    const painting: number[] = [];
    for (let n = 1; n <= limits.passages + limits.warmUp; n++) {
      const verdict = nextPaint('admit');
      const sentMs = performance.timeOrigin + performance.now();
      campus.rig.tap(cardOf(n).uid);
      const { atMs, changedMs } = await verdict;
      if (n > limits.warmUp) {
        times.push(atMs - sentMs);
        painting.push(atMs - changedMs);
      }
      await sleep(limits.everyMs);
    }
    const frames = (p99(times) - limits.samplesMs) / limits.frameMs;
    return {
      name: 'passage',
      title: 'A card on the wire until the verdict is painted, stored on its way in both places',
      lines: [
        { name: 'Mengang, p50', value: median(times), unit: 'ms' },
        {
          name: 'Mengang, p99',
          value: p99(times),
          unit: 'ms',
          note: `${times.length} passages, 14 bytes at 9600 baud not waited for`,
        },
        { name: 'of this from the changed page to its picture, p50', value: median(painting), unit: 'ms' },
        { name: 'of this from the changed page to its picture, p99', value: p99(painting), unit: 'ms' },
      ],
      goals: [
        { what: `p99 in frames of 60 Hz, ${limits.samplesMs} ms for the samples taken off`, ratio: frames, most: 2 },
      ],
    };
  } finally {
    const ended = new Promise((resolve) => browser.once('exit', resolve));
    browser.kill('SIGKILL');
    if (browser.exitCode === null) await ended;
    await bridge.stop();
    await campus.close();
    rmSync(build, { recursive: true, force: true });
  }
}
