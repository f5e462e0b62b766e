// Public rows of OSDP bytes with what they mean: examples of the standard, a library's own fixtures, and captures between two
// independent programs over a pty. Used by the tests of the OSDP drivers.

export type OsdpRow = {
  device: 'osdp' | 'osdp-sc';
  direction: 'rx' | 'tx';
  hex: string;
  meaning: Readonly<Record<string, string | number | null>>;
};

export const osdpRows: readonly OsdpRow[] = [
  {
    device: 'osdp',
    direction: 'tx',
    hex: '537f0d00046e00802500006e38',
    meaning: {
      cmd: 'COMSET broadcast',
      crc: '0x386E',
      note: 'no 0xFF mark',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: '53000900046100c066',
    meaning: {
      cmd: 'ID to address 0',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: '537f0c00006e00802500000f',
    meaning: {
      cmd: 'COMSET, checksum form',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: '5300080000610044',
    meaning: {
      cmd: 'ID, checksum form',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff5365080004606090',
    meaning: {
      cmd: 'POLL',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650900046100d97a',
    meaning: {
      cmd: 'ID',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e50700014080',
    meaning: {
      reply: 'ACK',
      form: 'checksum',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e509000541010e8f',
    meaning: {
      reply: 'NAK',
      code: 1,
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e51b000d03140178a0a1a2a3a4a5a6a7a8a9aaabacadaeafcaba',
    meaning: {
      reply: 'RMAC_I',
      scb: 'SCS_14',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e52a000903120176101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f19',
    meaning: {
      reply: 'CCRYPT',
      scb: 'SCS_12',
      form: 'checksum',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e50900090219405b',
    meaning: {
      error: 'unknown security block type 0x19: must be rejected after checksum passes',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650900046100d97a',
    meaning: {
      cmd: 'ID',
      address: 101,
      seq: 0,
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e514000445697a009901040302010b0c0d5c7e',
    meaning: {
      reply: 'PDID',
      address: 101,
      seq: 0,
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650900056200ba18',
    meaning: {
      cmd: 'CAP',
      address: 101,
      seq: 1,
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e5230005460201020401010501010601010801000901000a00010d01011002001398',
    meaning: {
      reply: 'PDCAP',
      address: 101,
      seq: 1,
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e508000640b0f0',
    meaning: {
      reply: 'ACK',
      address: 101,
      seq: 2,
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e50800074081c3',
    meaning: {
      reply: 'ACK',
      address: 101,
      seq: 3,
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650800056051a3',
    meaning: {
      cmd: 'POLL',
      address: 101,
      seq: 1,
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650d00066a00020a0a01363b',
    meaning: {
      cmd: 'BUZ',
      address: 101,
      seq: 2,
      sent_for: 'cmd BUZ',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53651500066b00011401010733362e35204f4ba6a3',
    meaning: {
      cmd: 'TEXT',
      address: 101,
      seq: 2,
      sent_for: 'cmd TEXT',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650c00076800051e00d855',
    meaning: {
      cmd: 'OUT',
      address: 101,
      seq: 3,
      output: 0,
      control: 5,
      timer_100ms: 30,
      sent_for: 'cmd OUTPUT pulse 3s',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e51000075000011a002d00a20089fe',
    meaning: {
      reply: 'RAW (card)',
      address: 101,
      seq: 3,
      reader: 0,
      format: 'wiegand',
      bits: 26,
      data: '2d00a200',
      event: 'event card W26 FC90 CN324',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e51100065000012200006a83e80081e0',
    meaning: {
      reply: 'RAW (card)',
      address: 101,
      seq: 2,
      reader: 0,
      format: 'wiegand',
      bits: 34,
      data: '006a83e800',
      event: 'event card W34',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e510000550000020003a00127ab6ba',
    meaning: {
      reply: 'RAW (card)',
      address: 101,
      seq: 1,
      reader: 0,
      format: 'unspecified',
      bits: 32,
      data: '3a00127a',
      event: 'event card raw unspecified 4B uid',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e50f00075300053132333423f186',
    meaning: {
      reply: 'KEYPAD',
      address: 101,
      seq: 3,
      reader: 0,
      keys: '1234#',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff5365160006690000020505020014000000000000db51',
    meaning: {
      cmd: 'LED',
      address: 101,
      seq: 2,
      sent_for: 'cmd LED temp green 2s',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff5365160007690000000000000000000101000101447b',
    meaning: {
      cmd: 'LED',
      address: 101,
      seq: 3,
      sent_for: 'cmd LED perm red',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650c0007680002000034f0',
    meaning: {
      cmd: 'OUT',
      address: 101,
      seq: 3,
      output: 0,
      control: 2,
      timer_100ms: 0,
      sent_for: 'cmd OUTPUT perm on',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650c0007680001000064a9',
    meaning: {
      cmd: 'OUT',
      address: 101,
      seq: 3,
      output: 0,
      control: 1,
      timer_100ms: 0,
      sent_for: 'cmd OUTPUT perm off',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff536608000560834d',
    meaning: {
      case: 'wrong address 102',
      pd_reply_hex: null,
      expect: 'PD stays silent',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff5365080005fe26c1',
    meaning: {
      case: 'unknown command FE',
      pd_reply_hex: 'ff53e509000541034caf',
      expect: 'NAK 03',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e509000541034caf',
    meaning: {
      case: 'unknown command FE',
      expect: 'NAK 03',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff5365090006680021ae',
    meaning: {
      case: 'OUT too short',
      pd_reply_hex: 'ff53e509000641023de6',
      expect: 'NAK 02',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e509000641023de6',
    meaning: {
      case: 'OUT too short',
      expect: 'NAK 02',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff53650800056051a3',
    meaning: {
      case: 'sequence skipped',
      pd_reply_hex: 'ff53e50900074104cbb1',
      expect: 'NAK 04 (expected seq 3, got 1)',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff537f0800046094d2',
    meaning: {
      case: 'broadcast 0x7F',
      pd_reply_hex: 'ff53ff0800044026d4',
      expect: 'answered as 0x7F',
    },
  },
  {
    device: 'osdp',
    direction: 'tx',
    hex: 'ff536507000360de',
    meaning: {
      case: 'checksum instead of CRC',
      pd_reply_hex: 'ff53e50800074081c3',
      expect: 'PD answers with CRC form',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: 'ff53e50800074081c3',
    meaning: {
      case: 'checksum instead of CRC',
      expect: 'PD answers with CRC form',
    },
  },
  {
    device: 'osdp',
    direction: 'rx',
    hex: '53e508000540e3a5',
    meaning: {
      case: 'no mark byte',
      expect: 'PD answers without mark',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'tx',
    hex: 'ff536513000c03110176bb21f9562f69d53f95c2',
    meaning: {
      scb: 'SCS_11',
      code: '0x76',
      context: null,
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'rx',
    hex: 'ff53e52b000c03120176697a9900040302012ecdd03904e0808e3f7f132db17b14821b6e702e1f82daf96041',
    meaning: {
      scb: 'SCS_12',
      code: '0x76',
      context: null,
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'tx',
    hex: 'ff53650e000e021560934cf8f380d6',
    meaning: {
      scb: 'SCS_15',
      code: '0x60',
      context: null,
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'tx',
    hex: 'ff53651e000f021769f90edeecc5bf94797f5c56de644b0042d4051f3a8837',
    meaning: {
      scb: 'SCS_17',
      code: '0x69',
      context: 'cmd LED green',
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'rx',
    hex: 'ff53e50e000f02164001fd0e75bc74',
    meaning: {
      scb: 'SCS_16',
      code: '0x40',
      context: 'cmd LED green',
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'tx',
    hex: 'ff53651e000e02176b1c0f820055e30f67f61f41b307870053856233506195',
    meaning: {
      scb: 'SCS_17',
      code: '0x6b',
      context: 'cmd TEXT',
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'rx',
    hex: 'ff53e51e000f021850275a1b11fcdd3dc3090d49cc95d0dc47f8631770ef96',
    meaning: {
      scb: 'SCS_18',
      code: '0x50',
      context: 'event card W26 FC90 CN324',
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
  {
    device: 'osdp-sc',
    direction: 'rx',
    hex: 'ff53e51e000e02185060ce81c40e63ca8df611187bd5eeea5b3de105cd8be0',
    meaning: {
      scb: 'SCS_18',
      code: '0x50',
      context: 'event card W34',
      scbk: '000102030405060708090a0b0c0d0e0f',
      note: 'session random; use as framing/CRC vectors and to replay one session',
    },
  },
];
