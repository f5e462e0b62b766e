import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { requireFreePorts, StartRefusal, settingsOf } from '../../device/simulator/start-settings.ts';
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
