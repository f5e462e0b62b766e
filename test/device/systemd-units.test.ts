// The units of device/systemd as systemd itself reads them; skipped by name where systemd-analyze is missing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../kit/programs.ts';

const folder = join(root, 'device', 'systemd');
const units = readdirSync(folder).filter((name) => name.endsWith('.service'));
const isThere = spawnSync('systemd-analyze', ['--version']).status === 0;
const scratch = mkdtempSync(join(tmpdir(), 'mengang-units-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What systemd says of the unit; programs that this machine lacks (cage, node in another place) are stood in for. */
function verify(name: string, change: (text: string) => string = (text) => text) {
  const text = change(readFileSync(join(folder, name), 'utf8')).replace(/(?<=^ExecStart=)(\S+)/m, (program) =>
    existsSync(program) ? program : '/bin/sh',
  );
  writeFileSync(join(scratch, name), text);
  const run = spawnSync('systemd-analyze', ['verify', '--man=no', join(scratch, name)], { encoding: 'utf8' });
  // Of other units on the machine it may say what it likes.
  const said = run.stderr.split('\n').filter((line) => line.includes(name));
  return { status: run.status, said };
}

it('are three: bridge, hub and kiosk', () => {
  expect(units.sort()).toEqual(['mengang-bridge.service', 'mengang-hub.service', 'mengang-kiosk.service']);
});

it.each(units)('%s is locked in and comes back by itself', (name) => {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n');
  for (const line of ['NoNewPrivileges=yes', 'ProtectSystem=strict', 'ProtectHome=yes', 'PrivateTmp=yes', 'UMask=0077'])
    expect(lines).toContain(line);
  expect(lines.some((line) => /^StateDirectory=mengang/.test(line))).toBe(true);
  expect(lines.some((line) => /^Restart=(on-failure|always)$/.test(line))).toBe(true);
  expect(lines.some((line) => /^User=(?!root)/.test(line))).toBe(true);
  // Node and Chromium compile as they run.
  expect(lines.some((line) => line.startsWith('MemoryDenyWriteExecute'))).toBe(false);
});

describe.skipIf(!isThere)('systemd-analyze verify', () => {
  it.each(units)('has nothing to say of %s', (name) => {
    expect(verify(name)).toEqual({ status: 0, said: [] });
  });
  it('would have', () => {
    const misspelt = verify('mengang-hub.service', (text) => text.replace('ProtectSystem=', 'ProtectSistem='));
    expect(misspelt.said.join('\n')).toContain('ProtectSistem');
  });
});
