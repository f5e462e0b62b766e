// The mark `unchecked` on its whole way: from a format without a checksum over the bridge's signal and the gate's reading to the
// stored entry, where it stands only when it is so.
import { describe, expect, test } from 'vitest';
import { sampleOf as signalOf } from '../../device/bridge-devices.ts';
import type { ThermometerConfig } from '../../device/config.ts';
import { profileOf } from '../../device/drivers/index.ts';
import { bridgeMessage } from '../../src/contracts/device-stream.ts';
import { storedReading } from '../../src/contracts/entry.ts';
import { storedReadingOf } from '../../src/domain/check-body.ts';
import { readingOf } from '../../src/domain/measure.ts';
import { sampleOf } from '../../src/gate/signals-in.ts';
import { ascii, bytesOf, decodeAll } from './byte-tools.ts';

const config = (profile: string): ThermometerConfig => ({
  ...{ role: 'thermometer', deviceId: 'thermometer-1', profile, path: '/dev/x', baudRate: 9_600, options: {} },
  ...{ mode: 'object', site: 'forehead', bodyOffsetCenti: 120 },
});

/** The sample as the page gets it over the line. */
function heard(profile: string, bytes: Uint8Array) {
  const [event] = decodeAll(profileOf(profile).decoder({}), bytes);
  if (event?.kind !== 'reading') throw new Error(`${profile} read nothing`);
  const signal = { ...signalOf(config(profile), event, 1_000, true), n: 1 };
  const message = bridgeMessage.parse(JSON.parse(JSON.stringify(signal)));
  if (message.type !== 'sample') throw new Error('no sample');
  return message;
}

const stored = (profile: string, bytes: Uint8Array) => {
  const { type: _type, n: _n, expiresAtMs: _expires, ...sample } = heard(profile, bytes);
  const taken = sampleOf(sample) ?? expect.fail('no body value');
  return storedReading.parse(JSON.parse(JSON.stringify(storedReadingOf(readingOf(taken), 1_500))));
};

describe('unchecked', () => {
  test.each([
    ['line', ascii('35.3\r\n')],
    ['raytek-ascii', ascii('!T035.3\r\n')],
    ['optris-cs', bytesOf('0549')],
  ])('%s, which has no checksum: the signal and the stored reading say so', (profile, bytes) => {
    expect(heard(profile, bytes)).toMatchObject({ centiCelsius: 3_650, unchecked: true });
    expect(stored(profile, bytes)).toMatchObject({ centiCelsius: 3_650, unchecked: true });
  });

  test('gy-mcu90614, which has one: neither holds the key', () => {
    const bytes = bytesOf('5a5a45040e100a284d');
    expect(heard('gy-mcu90614', bytes)).not.toHaveProperty('unchecked');
    expect(stored('gy-mcu90614', bytes)).not.toHaveProperty('unchecked');
  });

  test('is never said to be untrue: an entry without it keeps the bytes that it always had', () => {
    const reading = stored('line', ascii('35.3\r\n'));
    expect(storedReading.safeParse({ ...reading, unchecked: false }).success).toBe(false);
    const { unchecked: _unchecked, ...older } = reading;
    expect(storedReading.safeParse(older).success).toBe(true);
  });
});
