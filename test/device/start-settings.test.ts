import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireFolder, requireFreePorts, StartRefusal, settingsOf } from '../../device/simulator/start-settings.ts';
import { freePort } from '../kit/programs.ts';

it('without a word it uses the documented ports', () => {
  expect(settingsOf({})).toMatchObject({ gatePort: 7411, hubPort: 7400, simulatorPort: 7412, ports: null });
});

it.each([
  ['0'],
  ['65536'],
  ['-1'],
  ['7400.5'],
  ['abc'],
])('GATE_PORT=%s is refused in one sentence that names it', (value) => {
  expect(() => settingsOf({ GATE_PORT: value })).toThrow(StartRefusal);
  expect(() => settingsOf({ GATE_PORT: value })).toThrow(`GATE_PORT=${value}`);
});

it('one port for two servers is refused', () => {
  expect(() => settingsOf({ GATE_PORT: '7400' })).toThrow('7400 is used twice');
});

it('a port that somebody holds is named, with what to do', async () => {
  const holder = createServer();
  const taken = await freePort();
  await new Promise<void>((resolve) => holder.listen(taken, '127.0.0.1', resolve));
  const settings = { ...settingsOf({}), gatePort: await freePort(), hubPort: taken, simulatorPort: await freePort() };
  await expect(requireFreePorts(settings)).rejects.toThrow(`HUB_PORT=${taken + 100} npm start`);
  await new Promise((resolve) => holder.close(resolve));
  await expect(requireFreePorts(settings)).resolves.toBeUndefined();
});

it('a port that this user may not open is named, with what to do', async () => {
  // Told by hand: as root every port may be opened.
  const settings = { ...settingsOf({}), gatePort: await freePort(), hubPort: 80, simulatorPort: await freePort() };
  const refused = requireFreePorts(settings, async (port) => (port === 80 ? 'EACCES' : null));
  await expect(refused).rejects.toThrow(StartRefusal);
  await expect(refused).rejects.toThrow('HUB_PORT');
});

it('a state folder that cannot be made or written is named, with what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mengang-start-'));
  try {
    await expect(requireFolder(join(folder, 'a', 'b'))).resolves.toBeUndefined();
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below'), '/proc/mengang', '/proc/self']) {
      await expect(requireFolder(path)).rejects.toThrow(StartRefusal);
      await expect(requireFolder(path)).rejects.toThrow(path);
      await expect(requireFolder(path)).rejects.toThrow('STATE_DIR');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
