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

const newKey = '303132333435363738393A3B3C3D3E3F';
const ownKey = 'c0c1c2c3c4c5c6c7c8c9cacbcccdcecf';
const osdpBarrier = { profile: 'osdp', address: 0, channel: undefined };
const feedback = { role: 'feedback', profile: 'modbus-relay-lc', path: '/dev/ttyUSB9' };
const on = (config: Loose, index: number, change: object) => Object.assign(config.devices[index] ?? {}, change);
/** Reader and barrier of one OSDP device. */
function share(config: Loose, change: object) {
  const line = { profile: 'osdp', address: 3, path: '/dev/ttyUSB1' };
  return on(config, 1, line) && on(config, 2, { ...line, channel: undefined, ...change });
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
    ['devices[1].address', 'an OSDP reader without address', (c) => on(c, 1, { profile: 'osdp' })],
    ['devices[1].address', 'a broadcast address', (c) => on(c, 1, { profile: 'osdp', address: 127 })],
    ['devices[1].scbk', 'a key that is too short', (c) => on(c, 1, { profile: 'osdp', address: 1, scbk: '00' })],
    ['devices[1].scbk', 'the key of new devices', (c) => on(c, 1, { profile: 'osdp', address: 1, scbk: newKey })],
    [
      'devices[1].installMode',
      'install mode with a key of its own',
      (c) => on(c, 1, { profile: 'osdp', address: 1, scbk: ownKey, installMode: true }),
    ],
    [
      'devices[1].installMode',
      'install mode in the clear',
      (c) => on(c, 1, { profile: 'osdp', address: 1, installMode: true }),
    ],
    ['devices[1].scbk', 'a key for another reader', (c) => on(c, 1, { scbk: ownKey })],
    [
      'devices[1].options.led',
      'an option of a command',
      (c) => on(c, 1, { profile: 'osdp', address: 1, options: { led: '1' } }),
    ],
    [
      'devices[1].options',
      'a conversion that is none',
      (c) => on(c, 1, { profile: 'osdp', address: 1, options: { printed: 'x' } }),
    ],
    ['devices[2].pulseMs', 'a pulse that OSDP cannot count', (c) => on(c, 2, { ...osdpBarrier, pulseMs: 350 })],
    ['devices[2].channel', 'a channel of an OSDP output', (c) => on(c, 2, { ...osdpBarrier, channel: 1 })],
    ['devices[2].output', 'an output that cannot be', (c) => on(c, 2, { ...osdpBarrier, output: 256 })],
    ['devices[2].baudRate', 'two speeds on a line', (c) => share(c, { baudRate: 19_200 })],
    ['devices[2].scbk', 'two keys for one device', (c) => share(c, { scbk: ownKey })],
    ['devices[2].check', 'two checks for one device', (c) => share(c, { check: 'checksum' })],
    ['devices[2]', 'a serial barrier on an OSDP line', (c) => share(c, { profile: 'lcus', address: undefined })],
    ['devices[3]', 'two readers at one address', (c) => share(c, {}) && c.devices.push({ ...c.devices[1] })],
    ['devices[3].profile', 'a feedback without inputs', (c) => c.devices.push({ ...feedback, profile: 'lcus' })],
    ['devices[3].heldOpenMs', 'held open at once', (c) => c.devices.push({ ...feedback, heldOpenMs: 100 })],
    ['devices[3].contact', 'a contact of no kind', (c) => c.devices.push({ ...feedback, contact: 'door' })],
    ['devices[4]', 'two feedbacks', (c) => c.devices.push(feedback, { ...feedback, path: '/dev/ttyUSB8' })],
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

describe('an OSDP line in gate.config.json', () => {
  it('has a reader, the barrier at its output and the feedback at its input, and another reader', () => {
    const result = parse(
      changed((c) => {
        share(c, { output: 2, pulseMs: 500, scbk: ownKey.toUpperCase() });
        on(c, 1, { scbk: ownKey, options: { printed: 'd3_5' } });
        c.devices.push(
          { role: 'reader', profile: 'osdp', path: '/dev/ttyUSB1', address: 4, check: 'checksum' },
          { role: 'feedback', profile: 'osdp', path: '/dev/ttyUSB1', address: 4, check: 'checksum', input: 2 },
        );
      }),
    );
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    const key = Uint8Array.from(Buffer.from(ownKey, 'hex'));
    expect(result.config.devices.slice(1)).toMatchObject([
      { role: 'reader', profile: 'osdp', osdp: { address: 3, key, hasCrc: true } },
      { role: 'barrier', profile: 'osdp', osdp: { address: 3, key }, channel: 2, pulseMs: 500 },
      { role: 'reader', deviceId: 'reader-2', osdp: { address: 4, key: null, hasCrc: false } },
      { role: 'feedback', deviceId: 'feedback-1', input: 2, contact: 'leaf', activeClosed: false, heldOpenMs: 15_000 },
    ]);
  });

  it('takes the key of new devices in install mode alone', () => {
    const result = parse(changed((c) => on(c, 1, { profile: 'osdp', address: 1, scbk: newKey, installMode: true })));
    expect(result.ok).toBe(true);
  });

  it('repeats no key in its sentences', () => {
    const wrong = `${ownKey}00`;
    const result = parse(changed((c) => on(c, 1, { profile: 'osdp', address: 1, scbk: wrong })));
    expect(JSON.stringify(result)).not.toContain(ownKey);
  });
});
