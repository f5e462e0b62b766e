// `npm run doctor`: reads its arguments, runs the doctor, prints the report. Exit code 0 all well, 1 something wrong, 2 wrong use.
// Called by doctor with the real machine, by tests with another.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { DeviceConfig } from '../config.ts';
import { parseConfig } from '../config.ts';
import { answerers } from '../doctor/candidates.ts';
import { type DoctorOptions, type DoctorParts, isAskable, runDoctor } from '../doctor/doctor.ts';
import { profiles } from '../drivers/index.ts';
import { type Sentence, spoken, texts } from '../texts.ts';
import { doctorTexts } from '../texts-doctor.ts';
import { both, reportLines } from './doctor-lines.ts';

export const limits = { seconds: 8, secondsMin: 1, secondsMax: 60, paths: 32 } as const;
export const exitCodes = { well: 0, wrong: 1, usage: 2 } as const;

export type Output = { out(line: string): void; error(line: string): void };

export async function doctorTool(args: readonly string[], parts: DoctorParts, output: Output): Promise<number> {
  const asked = argumentsOf(args);
  if ('wrong' in asked) return refuse(output, asked.wrong);
  const read = asked.config === null ? { devices: [] } : await devicesOf(asked.config);
  if ('wrong' in read) return refuse(output, read.wrong);
  const { isJson, ...options } = asked.options;
  if (!isJson) {
    const title = options.ask || options.askProfiles.length > 0 ? doctorTexts.titleAsk() : doctorTexts.title();
    for (const sentence of [title, doctorTexts.listening(options.seconds)]) {
      for (const line of both(sentence, '')) output.out(line);
    }
  }
  const report = await runDoctor({ ...options, devices: read.devices, isBridge: false }, parts);
  if (isJson) output.out(JSON.stringify(report));
  else for (const line of reportLines(report)) output.out(line);
  return report.ok ? exitCodes.well : exitCodes.wrong;
}

type Asked = {
  config: string | null;
  options: Omit<DoctorOptions, 'devices' | 'isBridge'> & { isJson: boolean };
};

function argumentsOf(args: readonly string[]): Asked | { wrong: Sentence[] } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        config: { type: 'string' },
        path: { type: 'string', multiple: true },
        seconds: { type: 'string' },
        ask: { type: 'boolean' },
        'ask-profile': { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
    });
    const seconds = values.seconds === undefined ? limits.seconds : Number(values.seconds);
    if (!Number.isInteger(seconds) || seconds < limits.secondsMin || seconds > limits.secondsMax) {
      return wrongUse(`--seconds ${values.seconds}`);
    }
    const paths = values.path ?? [];
    const odd = paths.find((path) => !path.startsWith('/'));
    if (odd !== undefined || paths.length > limits.paths) return wrongUse(`--path ${odd ?? paths.length}`);
    const askProfiles = values['ask-profile'] ?? [];
    const unknown = askProfiles.find((name) => !isAskable(name));
    if (unknown !== undefined) {
      const known = answerers().map(({ name }) => name);
      return { wrong: [doctorTexts.unknownProfile(unknown, known.join(', '))] };
    }
    return {
      config: values.config ?? null,
      options: { seconds, paths, askProfiles, ask: values.ask ?? false, isJson: values.json ?? false },
    };
  } catch (error) {
    if (error instanceof TypeError) return wrongUse(error.message);
    throw error;
  }
}

const wrongUse = (why: string) => ({ wrong: [doctorTexts.wrongUse(why), doctorTexts.usage()] });

async function devicesOf(path: string): Promise<{ devices: DeviceConfig[] } | { wrong: readonly Sentence[] }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return { wrong: [texts.configUnreadable(path, error instanceof Error ? error.message : '')] };
  }
  const known = { profileOf: (name: string) => profiles.get(name) ?? null, names: [...profiles.keys()] };
  const result = parseConfig(text, path, known);
  return result.ok ? { devices: result.config.devices } : { wrong: result.problems };
}

function refuse(output: Output, sentences: readonly Sentence[]): number {
  for (const sentence of sentences) output.error(spoken(sentence));
  return exitCodes.usage;
}
