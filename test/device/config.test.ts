// The station's configuration: the complete example parses as it stands, and each mistake is one sentence that names its key.
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../device/config.ts';
import { profiles } from '../../device/drivers/index.ts';

const example = `{"port":7411,"hubUrl":"http://127.0.0.1:7400","stationToken":"...","station":{"name":"North gate, lane 1","campus":"beijing"},"devices":[{"role":"thermometer","profile":"gy-mcu90614","path":"/dev/ttyUSB0","baudRate":9600,"site":"forehead","bodyOffsetC":1.2},{"role":"reader","profile":"rdm6300","path":"/dev/ttyUSB1"},{"role":"barrier","profile":"lcus","path":"/dev/ttyUSB2","channel":1,"pulseMs":300}]}`;
const known = { profileOf: (name: string) => profiles.get(name) ?? null, names: [...profiles.keys()] };
const parse = (text: string) => parseConfig(text, '/etc/mengang/gate.config.json', known);

type Loose = Record<string, unknown> & { station: Record<string, unknown>; devices: Record<string, unknown>[] };
function changed(change: (config: Loose) => void): string {
  const config = JSON.parse(example) as Loose;
  change(config);
  return JSON.stringify(config);
}

describe('gate.config.json', () => {
  it('parses the complete example as it stands', () => {
    const result = parse(example);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.config).toMatchObject({
      port: 7411,
      hubUrl: 'http://127.0.0.1:7400',
      stationId: 'st-ab5df625bc76',
      station: { name: 'North gate, lane 1', campus: 'beijing', direction: 'in', clinicPhone: '' },
      stateDir: '/etc/mengang/.state/bridge',
    });
    expect(result.config.station.code).toMatch(/^G\d\d$/);
    expect(result.config.devices).toMatchObject([
      { deviceId: 'thermometer-1', mode: 'object', bodyOffsetCenti: 120, baudRate: 9_600, warmUp: 'warm' },
      { deviceId: 'reader-1', baudRate: 9_600 },
      { deviceId: 'barrier-1', channel: 1, pulseMs: 300 },
    ]);
  });

  it.each<[string, string, (config: Loose) => void]>([
    ['stationToken', 'a missing token', (c) => delete c.stationToken],
    ['hubUrl', 'plain http to another machine', (c) => Object.assign(c, { hubUrl: 'http://10.0.0.5:7400' })],
    ['hubUrl', 'no address at all', (c) => Object.assign(c, { hubUrl: 'hub' })],
    ['port', 'a port out of range', (c) => Object.assign(c, { port: 70_000 })],
    ['prot', 'a misspelt key', (c) => Object.assign(c, { prot: 1 })],
    ['station.nmae', 'a misspelt key of the station', (c) => Object.assign(c.station, { nmae: 'x' })],
    ['station.campus', 'no campus', (c) => delete c.station.campus],
    ['station.code', 'a code of another shape', (c) => Object.assign(c.station, { code: 'gate' })],
    ['devices[0].profile', 'an unknown profile', (c) => Object.assign(c.devices[0] ?? {}, { profile: 'gy-90614' })],
    ['devices[0].bodyOffsetC', 'three decimals', (c) => Object.assign(c.devices[0] ?? {}, { bodyOffsetC: 1.234 })],
    ['devices[0].site', 'no site', (c) => delete c.devices[0]?.site],
    ['devices[0].site', 'an unknown site', (c) => Object.assign(c.devices[0] ?? {}, { site: 'knee' })],
    ['devices[0].warmUp', 'an unknown warm-up', (c) => Object.assign(c.devices[0] ?? {}, { warmUp: 'cold' })],
    ['devices[0].bodyOfsetC', 'a misspelt offset', (c) => Object.assign(c.devices[0] ?? {}, { bodyOfsetC: 1 })],
    ['devices[1].role', 'an unknown role', (c) => Object.assign(c.devices[1] ?? {}, { role: 'scanner' })],
    ['devices[1]', 'the profile of another role', (c) => Object.assign(c.devices[1] ?? {}, { profile: 'lcus' })],
    ['devices[1]', 'two devices on one port', (c) => Object.assign(c.devices[1] ?? {}, { path: '/dev/ttyUSB0' })],
    ['devices[1].path', 'a relative path', (c) => Object.assign(c.devices[1] ?? {}, { path: 'ttyUSB1' })],
    ['devices[1].profile', 'npm run osdp', (c) => Object.assign(c.devices[1] ?? {}, { profile: 'osdp' })],
    ['devices[1].profile', 'a keyboard reader', (c) => Object.assign(c.devices[1] ?? {}, { profile: 'hid-wedge' })],
    [
      'devices[1].options.foo',
      'an unknown option',
      (c) => Object.assign(c.devices[1] ?? {}, { options: { foo: '1' } }),
    ],
    ['devices[2].pulseMs', 'a pulse below 100', (c) => Object.assign(c.devices[2] ?? {}, { pulseMs: 99 })],
    ['devices[2].pulseMs', 'a pulse above 5000', (c) => Object.assign(c.devices[2] ?? {}, { pulseMs: 5_001 })],
    ['devices[2].channel', 'a channel the board lacks', (c) => Object.assign(c.devices[2] ?? {}, { channel: 9 })],
    [
      'devices[2].profile',
      'a board that only reads inputs',
      (c) => Object.assign(c.devices[2] ?? {}, { profile: 'modbus-relay-lc' }),
    ],
    ['devices[3]', 'a second barrier', (c) => c.devices.push({ ...c.devices[2], path: '/dev/ttyUSB9' })],
  ])('names %s for %s, in one sentence of each language', (key, _mistake, change) => {
    const result = parse(changed(change));
    if (result.ok) throw new Error('was accepted');
    expect(result.problems).toHaveLength(1);
    const [problem] = result.problems;
    for (const sentence of [problem?.zh ?? '', problem?.en ?? '']) {
      expect(sentence).toContain(key);
      expect(sentence.trim()).toMatch(/[.。]$/);
      expect(sentence).not.toContain('undefined');
      expect(sentence).not.toContain('\n');
    }
  });

  it('lists the profiles of the role when one is unknown', () => {
    const result = parse(changed((c) => Object.assign(c.devices[0] ?? {}, { profile: 'gy' })));
    expect(result.ok ? '' : result.problems[0]?.en).toMatch(/gy-mcu90614, .*lu90614, .*line\./);
  });

  it.each([
    ['lcus', 300],
    ['modbus-relay', 300],
    ['modbus-relay-waveshare', 300],
    ['hw-667', 1_000],
  ])('gives %s a pulse of %i ms when none is named: what the board can time by itself', (profile, pulseMs) => {
    const result = parse(
      changed((c) => {
        delete c.devices[2]?.pulseMs;
        delete c.devices[2]?.channel;
        Object.assign(c.devices[2] ?? {}, { profile });
      }),
    );
    expect(result.ok && result.config.devices[2]).toMatchObject({ profile, pulseMs });
  });

  it('says where JSON ends to be JSON', () => {
    expect(parse('{"port":').ok).toBe(false);
    expect(parse('[]').ok).toBe(false);
    expect(parse(`\uFEFF${example}`).ok).toBe(true);
  });

  it('keeps an object-mode thermometer without an offset: it will say so itself', () => {
    const result = parse(changed((c) => delete c.devices[0]?.bodyOffsetC));
    expect(result.ok && result.config.devices[0]).toMatchObject({ mode: 'object', bodyOffsetCenti: null });
  });
});
