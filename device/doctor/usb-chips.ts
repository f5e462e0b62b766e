// USB numbers of the serial adapters that gates are built with, by the names people know. Called by port-list.
// Sources: the kernel's usb-serial drivers (ch341, cp210x, ftdi_sio, pl2303, cdc_acm).

const chips: Readonly<Record<string, string>> = {
  '1a86:7523': 'CH340',
  '1a86:7522': 'CH340K',
  '1a86:5523': 'CH341',
  '1a86:55d3': 'CH343',
  '1a86:55d4': 'CH9102',
  '10c4:ea60': 'CP210x',
  '10c4:ea70': 'CP2105',
  '0403:6001': 'FT232R',
  '0403:6010': 'FT2232',
  '0403:6011': 'FT4232',
  '0403:6014': 'FT232H',
  '0403:6015': 'FT-X',
  '067b:2303': 'PL2303',
  '067b:23a3': 'PL2303GS',
  '2341:0043': 'Arduino Uno',
  '2e8a:000a': 'Raspberry Pi Pico',
};

/** Null for numbers that are not in the table. */
export function chipOf(vendorId: string, productId: string): string | null {
  return chips[`${vendorId}:${productId}`] ?? null;
}

/** Adapters that brltty takes for Braille displays. */
export function isTakenForBraille(vendorId: string, productId: string): boolean {
  return ['1a86:7523', '10c4:ea60'].includes(`${vendorId}:${productId}`) || vendorId === '0403';
}
