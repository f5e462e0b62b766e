// The doctor on machines that a test lays out as files in the place of /dev, /sys and /proc: adapters that are told apart by their
// sockets alone, programs that take ports away, ports without permission, and UARTs to which nothing is wired.
import { chmodSync, chownSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AccessParts } from '../../../device/doctor/access.ts';
import { rdm6300Frame } from '../../../device/simulator/players/reader-speech.ts';
import type { DoctorFinding, DoctorReport } from '../../../src/contracts/settings.ts';
import { cleared, doctor, emptyRoots, farEnd, played, repeated } from './doctor-kit.ts';

afterAll(cleared);

type Machine = ReturnType<typeof emptyRoots> & { proc: string };

function machine(): Machine {
  const roots = emptyRoots();
  const proc = join(roots.folder, 'proc');
  mkdirSync(proc);
  return { ...roots, proc };
}

/** What the kernel shows of a USB adapter in this socket, such as '1-2'; behind it lies `far`, or a file that is no port. */
function plugUsb(at: Machine, tty: string, socket: string, usb: Record<string, string>, far: string | null): string {
  const device = join(at.folder, 'devices', socket);
  mkdirSync(join(device, `${socket}:1.0`, tty), { recursive: true });
  for (const [name, value] of Object.entries(usb)) writeFileSync(join(device, name), `${value}\n`);
  mkdirSync(join(at.sys, tty));
  symlinkSync(join(device, `${socket}:1.0`, tty), join(at.sys, tty, 'device'));
  if (far === null) writeFileSync(join(at.dev, tty), '');
  else symlinkSync(far, join(at.dev, tty));
  const places = join(at.dev, 'serial', 'by-path');
  mkdirSync(places, { recursive: true });
  const place = join(places, `pci-0000:00:14.0-usb-0:${socket.slice(2)}:1.0-port0`);
  symlinkSync(`../../${tty}`, place);
  return place;
}

function builtIn(at: Machine, tty: string, type: string, far: string): void {
  mkdirSync(join(at.sys, tty, 'device'), { recursive: true });
  writeFileSync(join(at.sys, tty, 'type'), `${type}\n`);
  symlinkSync(far, join(at.dev, tty));
}

/** A process that runs, with these files open. */
function running(at: Machine, pid: number, name: string, files: readonly string[] = []): void {
  const folder = join(at.proc, String(pid));
  mkdirSync(join(folder, 'fd'), { recursive: true });
  writeFileSync(join(folder, 'comm'), `${name}\n`);
  writeFileSync(join(folder, 'cmdline'), `/usr/sbin/${name}\0`);
  for (const [n, file] of files.entries()) symlinkSync(file, join(folder, 'fd', String(n)));
}

const run = (at: Machine, args: readonly string[] = [], access: Partial<AccessParts> = {}) =>
  doctor(['--json', '--seconds', '2', ...args], {
    roots: at,
    proc: at.proc,
    access: {
      ...{ user: 'gate', groups: [], groupFile: join(at.folder, 'group') },
      mayOpen: async () => true,
      ...access,
    },
  });

const ch340 = { idVendor: '1a86', idProduct: '7523', product: 'USB Serial' };
const said = (findings: readonly DoctorFinding[] | undefined, code: string) =>
  findings?.find((one) => one.code === code) ?? { level: 'missing', say: { zh: '', en: '' } };
const portOf = (report: DoctorReport, path: string) => report.ports.find((port) => port.path === path);

describe.concurrent('the doctor on a machine', () => {
  it('tells two CH340 without serial numbers apart by their sockets, and knows what is behind each', async () => {
    const at = machine();
    const thermometer = await played('gy-mcu90614');
    const reader = await farEnd();
    repeated(reader, () => rdm6300Frame('010063E9AE'), 65);
    // The kernel numbered them in the order they came up.
    const left = plugUsb(at, 'ttyUSB1', '1-2', ch340, thermometer.path);
    const right = plugUsb(at, 'ttyUSB0', '1-3', ch340, reader.path);
    const { code, report } = await run(at);
    expect(code).toBe(0);
    expect(report.ports.map(({ path, device, usb }) => [path, device, usb?.chip, usb?.serial])).toEqual([
      [right, join(at.dev, 'ttyUSB0'), 'CH340', null],
      [left, join(at.dev, 'ttyUSB1'), 'CH340', null],
    ]);
    for (const path of [left, right]) {
      const note = said(portOf(report, path)?.findings, 'look-alike');
      expect([note.level, note.say.en.includes(path), note.say.zh.includes(path)]).toEqual(['note', true, true]);
    }
    expect(portOf(report, left)?.proposal).toMatchObject({ level: 'sure', profiles: ['gy-mcu90614'] });
    expect(portOf(report, right)?.proposal).toMatchObject({ level: 'sure', profiles: ['rdm6300'] });
    expect(JSON.parse(portOf(report, left)?.proposal?.lines[0] ?? '{}')).toMatchObject({ path: left });
  });

  it('a single adapter, or two with serial numbers, are no look-alikes', async () => {
    const at = machine();
    plugUsb(at, 'ttyUSB0', '1-2', ch340, null);
    plugUsb(at, 'ttyUSB1', '1-3', { idVendor: '0403', idProduct: '6001', serial: 'A1' }, null);
    plugUsb(at, 'ttyUSB2', '1-4', { idVendor: '0403', idProduct: '6001', serial: 'A2' }, null);
    const { report } = await run(at);
    expect(report.ports.map(({ findings }) => said(findings, 'look-alike').level)).toEqual(Array(3).fill('missing'));
    expect(report.ports.map(({ usb }) => usb?.serial)).toEqual([null, 'A1', 'A2']);
  });

  it('names ModemManager and brltty and how to be rid of them, running or holding a port', async () => {
    const at = machine();
    plugUsb(at, 'ttyUSB0', '1-2', ch340, null);
    plugUsb(at, 'ttyUSB1', '1-3', ch340, null);
    running(at, 411, 'ModemManager', [join(at.dev, 'ttyUSB0')]);
    running(at, 412, 'brltty', ['/dev/null', join(at.dev, 'ttyUSB1')]);
    const { code, report } = await run(at);
    expect(code).toBe(1);
    const modem = said(report.findings, 'modem-manager');
    expect([modem.level, modem.say.en]).toEqual(['wrong', expect.stringContaining('sudo apt remove modemmanager')]);
    expect(modem.say.zh).toContain('411');
    const braille = said(report.findings, 'brltty');
    expect([braille.level, braille.say.en]).toEqual(['wrong', expect.stringContaining('sudo apt remove brltty')]);
    const held = report.ports.map(({ findings }) => said(findings, 'held').say.en);
    expect(held[0]).toContain('Held by ModemManager (process 411): sudo apt remove modemmanager');
    expect(held[1]).toContain('Held by brltty (process 412): sudo apt remove brltty');
  });

  it('leaves brltty alone where no adapter has a chip that it takes', async () => {
    const at = machine();
    plugUsb(at, 'ttyUSB0', '1-2', { idVendor: '067b', idProduct: '2303' }, null);
    running(at, 412, 'brltty');
    const { report } = await run(at);
    expect(said(report.findings, 'brltty').level).toBe('missing');
  });

  it('names the group that may open the port, or the sign-in that is missing, or the rule where no group helps', async () => {
    const at = machine();
    plugUsb(at, 'ttyUSB0', '1-2', ch340, null);
    const node = realpathSync(join(at.dev, 'ttyUSB0'));
    const gid = process.getgid?.() || 20;
    chownSync(node, process.getuid?.() ?? 0, gid);
    chmodSync(node, 0o660);
    const denied = { mayOpen: async () => false };
    const group = join(at.folder, 'group');
    const sentence = async (change: Partial<AccessParts> = {}) => {
      const { code, report } = await run(at, [], { ...denied, ...change });
      expect(code).toBe(1);
      return said(report.ports[0]?.findings, 'permission').say;
    };
    writeFileSync(group, `root:x:0:\ndialout:x:${gid}:clerk\n`);
    expect((await sentence()).en).toContain('sudo usermod -aG dialout gate');
    expect((await sentence()).zh).toContain('sudo usermod -aG dialout gate');
    writeFileSync(group, `root:x:0:\ndialout:x:${gid}:clerk,gate\n`);
    expect((await sentence()).en).toContain('sign in again');
    chmodSync(node, 0o600);
    expect((await sentence()).en).toContain('udev rule KERNEL=="');
  });

  it('a silent port of the machine itself that nobody named is a note; named or on USB it is not', async () => {
    const at = machine();
    const silent = await farEnd();
    builtIn(at, 'ttyS0', '4', silent.path);
    // No UART answers here: not even listed.
    builtIn(at, 'ttyS1', '0', silent.path);
    const alone = await run(at);
    expect([alone.code, alone.report.ports.map(({ device }) => device)]).toEqual([0, [join(at.dev, 'ttyS0')]]);
    expect(said(alone.report.ports[0]?.findings, 'unwired').level).toBe('note');
    const named = await run(at, ['--path', silent.path]);
    const port = named.report.ports[0];
    expect([named.code, said(port?.findings, 'silence').level], JSON.stringify(port)).toEqual([1, 'wrong']);
    const usb = machine();
    plugUsb(usb, 'ttyUSB0', '1-2', ch340, silent.path);
    expect((await run(usb)).code).toBe(1);
  });
});
