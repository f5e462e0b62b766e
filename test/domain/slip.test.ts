// The text of a slip: what goes in comes out, what is damaged is nothing.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { base32Of, bytesOfBase32 } from '../../src/domain/base32.ts';
import { limits, readSlip, slipText } from '../../src/domain/slip.ts';

it('base32 is that of RFC 4648', () => {
  const rows = { f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB', foobar: 'MZXW6YTBOI' };
  for (const [text, code] of Object.entries(rows)) expect(base32Of(new TextEncoder().encode(text))).toBe(code);
  for (const bad of ['M', 'MZ', 'mz', 'M1', 'MY======']) expect(bytesOfBase32(bad)).toBeNull();
});

it('reads back what it wrote, in small letters and over line ends too, and fits its bound', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: limits.packedBytes });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), bytes, (signature, packed) => {
      const text = slipText(signature, packed);
      expect(text.length).toBeLessThanOrEqual(limits.slipChars);
      expect(readSlip(text)).toEqual({ signature, packed });
      expect(readSlip(` ${text.toLowerCase().slice(0, 40)}\r\n${text.slice(40)}\n`)).toEqual({ signature, packed });
    }),
  );
});

it('answers null to whatever else a scanner may type', () => {
  for (const typed of ['', '0006547886', limits.prefix, `${limits.prefix}AAAA`, 'x'.repeat(9_000)])
    expect(readSlip(typed)).toBeNull();
});
