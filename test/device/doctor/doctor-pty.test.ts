// The doctor over real ptys: it names what plays behind a port, says why a port cannot be used, and never writes unless told to.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openSerialPort } from '../../../device/serial-port.ts';
import { rdm6300Frame } from '../../../device/simulator/players/reader-speech.ts';
import { ptyDevice } from '../../kit/pty.ts';
import { seeded } from '../byte-tools.ts';
import { cleared, doctor, emptyRoots, farEnd, later, played, repeated } from './doctor-kit.ts';

// The tests wait for bytes, not for the processor: all of them listen at the same time.
afterAll(cleared);

const codesOf = (findings: readonly { code: string }[] | undefined) => (findings ?? []).map(({ code }) => code);
const textBytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

describe.concurrent('what speaks behind a port', () => {
  it('names six streaming devices at once, shows their values, and writes not one byte', async () => {
    const names = ['gy-mcu90614', 'gy-614v', 'cjmcu-90614', 'idc-50'];
    const all = await Promise.all(names.map(played));
    const rdm = await farEnd();
    repeated(rdm, () => rdm6300Frame('010063E9AE'), 65);
    const id12 = await farEnd();
    const idFrame = textBytes('\u000201000734E0D2\r\n\u0003');
    repeated(id12, () => idFrame, 130);
    const parallax = await farEnd(2_400);
    repeated(parallax, () => textBytes('\n0F0184F07A\r'), 120);
    const line = await farEnd();
    repeated(line, () => textBytes('36.5\r\n'), 300);
    const ends = [...all, rdm, id12, parallax, line];
    const args = ['--json', '--seconds', '11', ...ends.flatMap(({ path }) => ['--path', path])];
    const { code, report } = await doctor(args);
    const proposals = report.ports.map(({ proposal }) => [proposal?.level, ...(proposal?.profiles ?? [])]);
    expect(proposals.slice(0, 6)).toEqual([
      ['sure', 'gy-mcu90614'],
      ['sure', 'gy-614v'],
      ['sure', 'cjmcu-90614'],
      ['sure', 'idc-50'],
      ['sure', 'rdm6300'],
      ['sure', 'id-12la'],
    ]);
    // Formats without a check are never sure.
    expect(proposals.slice(6)).toEqual([
      ['likely', 'parallax-28140'],
      ['likely', 'line'],
    ]);
    expect(code).toBe(0);
    expect(report.ports[0]?.values.at(-1)?.zh).toContain('35.30');
    // The card number is masked.
    expect(report.ports[4]?.values.at(-1)?.en).toBe('\u2026E9AE');
    expect(report.ports[0]?.proposal?.lines).toEqual([
      JSON.stringify({ role: 'thermometer', profile: 'gy-mcu90614', path: ends[0]?.path, site: 'forehead' }),
    ]);
    for (const end of ends) expect(end.written()).toBe('');
  }, 60_000);

  it('leaves a silent thermometer unasked, and names it when asking was allowed', async () => {
    const names = ['gy-mcu90615', 'calex-pyrominibus', 'raytek-ascii'];
    const ends = await Promise.all(names.map(played));
    const paths = ends.flatMap(({ path }) => ['--path', path]);
    const unasked = await doctor(['--json', '--seconds', '1', ...paths]);
    expect(unasked.code).toBe(1);
    expect(unasked.report.ports.map(({ findings }) => codesOf(findings))).toEqual(names.map(() => ['silence']));
    for (const end of ends) expect(end.written()).toBe('');
    const asked = await doctor(['--json', '--seconds', '1', '--ask', ...paths]);
    expect(asked.report.ports.map(({ proposal }) => proposal?.profiles)).toEqual([
      ['gy-mcu90615'],
      ['calex-pyrominibus', 'calex-pyrousb', 'omega-os-mini'],
      ['raytek-ascii'],
    ]);
    expect(asked.report.ports.map(({ proposal }) => proposal?.level)).toEqual(['sure', 'several', 'likely']);
    for (const port of asked.report.ports) expect(port.values.at(-1)?.en).toContain('35.3');
  }, 60_000);

  it('asks nothing that moves a relay of single bytes unless that very profile is named', async () => {
    const silent = await farEnd();
    const first = await doctor(['--json', '--seconds', '1', '--ask', '--path', silent.path]);
    expect(codesOf(first.report.ports[0]?.findings)).toEqual(['silence']);
    expect(first.report.ports[0]?.findings[0]?.say.en).toContain('Not asked as');
    expect(silent.written()).not.toMatch(/^(?:..)*(?:aa|bb|cc)/);
    expect(silent.written()).not.toBe('');
    const body = await played('aaa5-body');
    const named = await doctor(['--json', '--seconds', '1', '--ask-profile', 'aaa5-body', '--path', body.path]);
    expect(named.report.ports[0]?.proposal).toMatchObject({ level: 'sure', profiles: ['aaa5-body'] });
    // Nothing else was asked.
    expect(body.written()).toMatch(/^(?:aaa503010455)+$/);
  }, 60_000);

  it('proposes nothing for silence, garbage of a wrong rate, and text that nobody reads', async () => {
    const random = seeded(7);
    const garbage = await farEnd();
    repeated(garbage, () => Uint8Array.from({ length: 12 }, () => Math.floor(random() * 256) | 0x80), 90);
    const text = await farEnd();
    repeated(text, () => textBytes('T body = 36.5, card 0100633E9AE1\r\n'), 200);
    const silent = await farEnd();
    const ends = [garbage, text, silent];
    const args = ['--seconds', '2', ...ends.flatMap(({ path }) => ['--path', path])];
    const { code, report } = await doctor(['--json', ...args]);
    expect(code).toBe(1);
    expect(report.ports.map(({ findings }) => codesOf(findings))).toEqual([['noise'], ['text'], ['silence']]);
    for (const port of report.ports) expect(port.proposal).toBeNull();
    expect(report.ports[1]?.findings[0]?.say.en).toContain('T body = 36.5, card \u20269AE1');
  }, 60_000);

  it('compares a port with the configuration', async () => {
    const right = await played('gy-mcu90614');
    const wrong = await played('idc-50');
    const reader = await farEnd();
    const barrier = await farEnd();
    const config = join(emptyRoots().folder, 'gate.config.json');
    const thermometer = { role: 'thermometer', profile: 'gy-mcu90614', site: 'forehead', bodyOffsetC: 1.2 };
    const devices = [
      { ...thermometer, path: right.path },
      { ...thermometer, path: wrong.path },
      { role: 'reader', profile: 'rdm6300', path: reader.path },
      { role: 'barrier', profile: 'lcus', path: barrier.path },
    ];
    const station = { name: 'North gate', campus: 'beijing' };
    const rest = { hubUrl: 'http://127.0.0.1:7400', stationToken: 'token', station };
    writeFileSync(config, JSON.stringify({ ...rest, devices }));
    const { code, report } = await doctor(['--json', '--seconds', '2', '--config', config]);
    expect(report.ports.map(({ findings }) => codesOf(findings))).toEqual([
      ['as-configured'],
      ['not-as-configured', 'heard-sure'],
      ['no-card'],
      ['barrier'],
    ]);
    expect(code).toBe(1);
    expect(report.ports[1]?.proposal?.profiles).toEqual(['idc-50']);
    expect(barrier.written()).toBe('');
    writeFileSync(config, JSON.stringify({ ...rest, devices: [devices[0], devices[2]] }));
    expect((await doctor(['--json', '--seconds', '2', '--config', config])).code).toBe(0);
  }, 60_000);
});

describe.concurrent('why a port cannot be used', () => {
  it('says that there is none, and that a path leads nowhere', async () => {
    const none = await doctor(['--json']);
    // Whoever is not root may not look into the programs of others, and is told so.
    const found = codesOf(none.report.findings).filter((code) => code !== 'partial');
    expect([none.code, found]).toEqual([1, ['no-ports']]);
    const gone = await doctor(['--json', '--path', '/dev/ttyUSB97']);
    expect([gone.code, codesOf(gone.report.ports[0]?.findings)]).toEqual([1, ['absent']]);
    const file = join(emptyRoots().folder, 'file');
    writeFileSync(file, '');
    expect(codesOf((await doctor(['--json', '--path', file])).report.ports[0]?.findings)).toEqual(['unsuitable']);
  });

  it('names the program that holds it, by its open file, and leaves its bytes alone', async () => {
    const device = await ptyDevice();
    later(() => device.close());
    const holder = await holding(device.path);
    const { code, report } = await doctor(['--json', '--seconds', '1', '--path', device.path]);
    expect(code).toBe(1);
    expect(report.ports[0]?.findings).toMatchObject([{ level: 'wrong', code: 'held' }]);
    expect(report.ports[0]?.findings[0]?.say.en).toContain(`Held by cat (process ${holder.pid})`);
    // What the device sends now is the holder's alone.
    device.write(textBytes('36.5\r\n'));
    await expect.poll(() => holder.heard()).toContain('36.5');
  });

  it('says that it is locked when it cannot see by whom', async () => {
    const far = await farEnd();
    const other = await openSerialPort(far.path, 9_600, { data: () => undefined, gone: () => undefined });
    later(() => other.destroy());
    // This very process holds the lock and leaves itself out.
    const { report } = await doctor(['--json', '--seconds', '1', '--path', far.path]);
    expect(report.ports[0]?.findings).toMatchObject([{ code: 'held' }]);
    expect(report.ports[0]?.findings[0]?.say.en).toContain('sudo fuser -v');
  });

  it.skipIf(process.getuid?.() === 0)(
    'says that a port may not be opened, of one that no group may open (not as root)',
    async () => {
      const device = await ptyDevice();
      later(() => device.close());
      chmodSync(realpathSync(device.path), 0o000);
      const { code, report } = await doctor(['--json', '--path', device.path]);
      expect([code, codesOf(report.ports[0]?.findings)]).toEqual([1, ['permission']]);
    },
  );
});

describe.concurrent('the program', () => {
  it('prints its report in both languages, with the line to be written and without writing it', async () => {
    const far = await played('gy-mcu90614');
    const { code, lines } = await doctor(['--seconds', '2', '--path', far.path]);
    const text = lines.join('\n');
    expect(code).toBe(0);
    expect(text).toContain('只听不写');
    expect(text).toContain('像是 gy-mcu90614');
    expect(text).toContain('Looks like gy-mcu90614');
    expect(text).toContain('"profile":"gy-mcu90614"');
    expect(text).toContain('结论：都正常');
  });

  it.each([
    [['--seconds', '0']],
    [['--seconds', 'x']],
    [['--nothing']],
    [['--path', 'ttyUSB0']],
    [['--ask-profile', 'lcus']],
    [['--config', '/nowhere/gate.config.json']],
  ])('answers wrong use %j with a sentence and 2', async (args) => {
    const { code, lines, errors } = await doctor(args);
    expect(code).toBe(2);
    expect(lines).toEqual([]);
    expect(errors.length).toBeGreaterThan(0);
  });
});

/** Another program that reads the port. */
async function holding(path: string): Promise<{ pid: number; heard: () => string }> {
  const child: ChildProcess = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'ignore'] });
  later(() => child.kill('SIGKILL'));
  let heard = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    heard += bytes.toString('latin1');
  });
  await new Promise<void>((resolve) => child.once('spawn', () => resolve()));
  // Until it has opened the file.
  await new Promise((resolve) => setTimeout(resolve, 300));
  return { pid: child.pid ?? 0, heard: () => heard };
}
