// The check of Modbus frames against bytes that others printed or captured.
import { expect, test } from 'vitest';
import { crc16Modbus, endsInCrc16Modbus, withCrc16Modbus } from '../../../device/drivers/modbus-crc.ts';
import { ascii, bytesOf } from '../byte-tools.ts';

const captured = [
  '0103000e000425ca',
  '010308016e016f00fb00007ff4',
  '010404016e016fda19',
  '01050000ff008c3a',
  '0101000000083dcc',
  '010101019048',
  '0105000101009d9a',
  '0006400000015c1b',
  'ff02000000086c12',
  'ff02010151a0',
  '018302c0f1',
];

test('the check of the nine digits is the published 4B37', () => {
  expect(crc16Modbus(ascii('123456789'))).toBe(0x4b37);
});

test.each(captured)('%s carries its own check, and any changed bit breaks it', (hex) => {
  const frame = bytesOf(hex);
  expect(endsInCrc16Modbus(frame)).toBe(true);
  expect(withCrc16Modbus(...frame.subarray(0, -2))).toEqual(frame);
  for (let bit = 0; bit < frame.length * 8; bit += 1) {
    const changed = frame.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    expect(endsInCrc16Modbus(changed), `bit ${bit}`).toBe(false);
  }
});

test('two bytes or fewer are no frame', () => {
  for (const hex of ['', 'ff', 'ffff']) expect(endsInCrc16Modbus(bytesOf(hex))).toBe(false);
});
