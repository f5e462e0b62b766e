// Public rows of bytes of devices that no profile reads, each with why. Used by the test that walks through all rows.

export type UncoveredDevice = { device: string; why: string; rows: readonly (readonly ['rx' | 'tx', hex: string])[] };

/** Cameras, doorway modules and instruments of other trades; nobody asked for a profile of any of them. */
export const uncovered: readonly UncoveredDevice[] = [
  {
    device: 'rqvk002-tw',
    why: 'a doorway module without a sum, known from the demonstration of a vendor whose programs make readings up',
    rows: [['rx', '5a00050600a5']],
  },
  {
    device: 'ys-haiman',
    why: 'the same demonstration; neither its first bytes nor its last one are explained or checked there',
    rows: [
      ['tx', 'a55501fb'],
      ['rx', 'a5554c0e100c00'],
      ['rx', 'a5550000000000'],
    ],
  },
  {
    device: 're-xingma',
    why: 'the same demonstration; no sum, no checked head',
    rows: [
      ['tx', 'eee10155fffc'],
      ['rx', 'e100000e4c748700'],
    ],
  },
  {
    device: 'htpa32-m23',
    why: 'a camera of 32 x 32 points: which of them is a forehead is no matter of a decoder',
    rows: [['tx', 'eee10155fffcfdff']],
  },
  {
    device: 'htpa-single',
    why: 'two commands and no answer were ever published',
    rows: [
      ['tx', 'a50501bf'],
      ['tx', 'a50500bf'],
    ],
  },
  {
    device: 'mlx90621-ys',
    why: 'a camera of 64 points; two commands and no answer',
    rows: [
      ['tx', 'a50601bf'],
      ['tx', 'a50600bf'],
    ],
  },
  {
    device: 'gy-mcu90640',
    why: 'a camera of 768 points; half of its published commands have a wrong sum',
    rows: [
      ['tx', 'a51501bb'],
      ['tx', 'a51503bd'],
      ['tx', 'a52500ca'],
      ['tx', 'a53501db'],
      ['tx', 'a52502cb'],
      ['tx', 'a52503cc'],
      ['tx', 'a52504cd'],
      ['tx', 'a52505ce'],
    ],
  },
  { device: 'tamson-e20', why: 'a bath thermometer of a laboratory', rows: [['rx', '632dc941']] },
  {
    device: 'fefd-ir',
    why: 'a handshake and no measurement were ever published',
    rows: [
      ['tx', 'fefdaaa00d0a'],
      ['rx', 'fefd1aaa555f0d0a'],
    ],
  },
];
