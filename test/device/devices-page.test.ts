// docs/devices.md is what a technician follows: it must not lag behind the thermometers that there are.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../device/config.ts';
import { deviceKeys } from '../../device/config-shape.ts';
import { aliases, profileOf, profiles } from '../../device/drivers/index.ts';

const page = readFileSync(new URL('../../docs/devices.md', import.meta.url), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| `'));
const rowOf = (name: string) => rows.find((row) => row.startsWith(`| \`${name}\``)) ?? '';
const thermometers = [...profiles.values()].filter((profile) => profile.role === 'thermometer');

describe('the page of devices', () => {
  test.each(thermometers)('$name has a row with its baud rate, its way to talk and its check', (profile) => {
    const cells = rowOf(profile.name).split('|');
    expect(cells).toHaveLength(10);
    expect(cells[3]).toContain(String(profile.baudRate));
    expect(cells[5]?.includes('query'), 'query or stream').toBe(profile.poll !== null);
    if (profile.poll) expect(cells[5]).toContain(`\`${profile.poll.command}\``);
    const body = profile.modes.some((mode) => mode !== 'object');
    if (profile.name !== 'line') expect(cells[4]?.includes('**body**'), 'body or object').toBe(body);
  });

  test('every other name stands in the row of its profile', () => {
    for (const [alias, name] of aliases) {
      if (profileOf(name).role === 'thermometer') expect(rowOf(name), alias).toContain(`\`${alias}\``);
    }
  });

  test('every command of a thermometer stands on the page', () => {
    for (const profile of thermometers) {
      for (const command of Object.keys(profile.commands)) expect(page, profile.name).toContain(`\`${command}\``);
    }
  });
});

describe('its examples for gate.config.json', () => {
  const station = { hubUrl: 'https://hub.campus', stationToken: 'abc', station: { name: 'North', campus: 'beijing' } };
  const known = { profileOf: (name: string) => profiles.get(name) ?? null, names: [...profiles.keys()] };
  const examples = [...page.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? '');

  test('there are three, and each is taken as it stands', () => {
    const roles = examples.map((text) => {
      const result = parseConfig(JSON.stringify({ ...station, devices: JSON.parse(text) }), '/gate.config.json', known);
      if (!result.ok) throw new Error(result.problems.map(({ en }) => en).join('\n'));
      return result.config.devices.map(({ role, osdp }) => `${role} ${osdp?.address ?? '-'}`);
    });
    expect(roles).toEqual([
      ['reader 3', 'barrier 3', 'feedback 3'],
      ['reader 0', 'reader 1'],
      ['barrier -', 'feedback -'],
    ]);
  });

  test('every key of an OSDP device and of a feedback stands on the page', () => {
    const keys = [...deviceKeys.reader, ...deviceKeys.barrier, ...deviceKeys.feedback];
    for (const key of new Set(keys)) expect(page, key).toMatch(new RegExp(`[\`"]${key}[\`".]`));
  });
});
