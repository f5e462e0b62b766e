// The doctor's report as lines for a terminal, Chinese first. Pure; called by doctor-tool.
import type { DoctorFinding, DoctorPort, DoctorReport } from '../../src/contracts/settings.ts';
import { doctorTexts as texts } from '../texts-doctor.ts';

const marks: Record<DoctorFinding['level'], string> = { good: '\u2713', note: '\u00b7', wrong: '\u2717' };

export function reportLines(report: DoctorReport): string[] {
  const wrong = [...report.findings, ...report.ports.flatMap(({ findings }) => findings)].filter(
    ({ level }) => level === 'wrong',
  );
  return [
    ...report.findings.flatMap((one) => findingLines(one, '')),
    ...report.ports.flatMap((port) => ['', ...portLines(port)]),
    '',
    ...both(wrong.length === 0 ? texts.allWell() : texts.somethingWrong(wrong.length), ''),
  ];
}

function portLines(port: DoctorPort): string[] {
  const { usb, proposal } = port;
  const chip = usb === null ? texts.builtIn() : texts.chip(nameOf(usb), `${usb.vendorId}:${usb.productId}`);
  return [
    port.path === port.device ? port.path : `${port.path}  ->  ${port.device}`,
    ...(usb === null && !/^\/dev\/tty/.test(port.device) ? [] : both(chip, '  ')),
    ...port.findings.flatMap((one) => findingLines(one, '  ')),
    ...(port.values.length === 0
      ? []
      : [...both(texts.values(), '  '), ...port.values.map((value) => `    ${inOneLine(value)}`)]),
    ...(proposal === null ? [] : [...both(texts.proposalLine(), '  '), ...proposal.lines.map((line) => `    ${line}`)]),
  ];
}

function nameOf(usb: NonNullable<DoctorPort['usb']>): string {
  return usb.chip ?? [usb.maker, usb.product].filter(Boolean).join(' ');
}

function findingLines({ level, say }: DoctorFinding, indent: string): string[] {
  return [`${indent}${marks[level]} ${say.zh}`, `${indent}  ${say.en}`];
}

/** A card reads the same in both languages. */
const inOneLine = ({ zh, en }: { zh: string; en: string }) => (zh === en ? zh : `${zh} / ${en}`);

export function both({ zh, en }: { zh: string; en: string }, indent: string): string[] {
  return [`${indent}${zh}`, `${indent}${en}`];
}
