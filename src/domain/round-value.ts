// Values of a round: the keypad's three digits, and what a temperature means. Called by the rounds page and round-state.ts.
import type { StoredReading } from './entry.ts';
import type { Policy } from './policy.ts';
import type { Method, Site, Tenths } from './reading.ts';

export type ValueClass = 'invalid' | 'low' | 'normal' | 'borderline' | 'abnormal';

/**
 * '364' and '36.4' are 36.4 degrees (364 tenths). Anything else, two digits among it, and whatever lies outside the policy's range is no value:
 * null. A low value is one, and never normal.
 */
export function keypadTenths(typed: string, policy: Policy): Tenths | null {
  const digits = /^(\d\d)\.?(\d)$/.exec(typed.trim());
  if (digits === null) return null;
  const tenths = Number(`${digits[1]}${digits[2]}`);
  return valueClass(tenths, policy) === 'invalid' ? null : tenths;
}

export function valueClass(tenths: Tenths, policy: Policy): ValueClass {
  if (tenths < policy.rangeMinTenths || tenths > policy.rangeMaxTenths) return 'invalid';
  if (tenths < policy.lowTenths) return 'low';
  if (tenths >= policy.feverTenths) return 'abnormal';
  return tenths >= policy.borderlineTenths ? 'borderline' : 'normal';
}

/** A value that this person typed in, as the entry keeps it. */
export function typedReading(tenths: Tenths, typedBy: string, how: { site: Site; method: Method }): StoredReading {
  return {
    centiCelsius: tenths * 10,
    site: how.site,
    mode: how.method === 'contact' ? 'contact' : how.site === 'wrist' ? 'wrist' : 'forehead',
    method: how.method,
    manual: true,
    typedBy,
    deviceId: 'keypad',
    offsetCentiCelsius: 0,
    ageMs: 0,
    samples: [],
  };
}
