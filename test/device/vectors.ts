// Public rows of bytes for the first profiles, with where each comes from (docs: datasheets, forums, drivers). Used by driver tests.

/** `valid: false` means that a decoder must not make a reading or a tap of it. */
export type VectorRow = {
  profile: string;
  direction: 'rx' | 'tx';
  hex: string;
  valid: boolean;
  kind: string;
  meaning: Readonly<Record<string, string | number | boolean | null>>;
  source: string;
};

export const vectorRows: readonly VectorRow[] = [
  {
    profile: 'gy-mcu90614',
    direction: 'rx',
    hex: '5a5a45040c780d19a7',
    valid: true,
    kind: 'documented',
    meaning: {
      object_c: 31.92,
      ambient_c: 33.53,
      body_c: null,
      scale: 'int16 BE /100',
    },
    source:
      'https://blog.csdn.net/weixin_45633206/article/details/104829883 ; https://w.electrodragon.com/w/Category:Contactless_Temperature',
  },
  {
    profile: 'gy-mcu90614',
    direction: 'tx',
    hex: 'a515ba',
    valid: true,
    kind: 'documented',
    meaning: {
      command: 'query one frame',
    },
    source:
      'https://www.as99shop.com/product/363/gy-mcu90614-bcc-... (page text); fjtkchenhuan/TemperatureDemo temperaturelib/.../SGY_MCU90614_TW.java',
  },
  {
    profile: 'gy-mcu90614',
    direction: 'tx',
    hex: 'a5ae53',
    valid: true,
    kind: 'documented',
    meaning: {
      command: 'set 9600 (after power cycle)',
    },
    source:
      'https://www.as99shop.com/product/363/gy-mcu90614-bcc-... (page text); fjtkchenhuan/TemperatureDemo temperaturelib/.../SGY_MCU90614_TW.java',
  },
  {
    profile: 'gy-mcu90614',
    direction: 'tx',
    hex: 'a551f6',
    valid: true,
    kind: 'documented',
    meaning: {
      command: 'auto output at power-up',
    },
    source:
      'https://www.as99shop.com/product/363/gy-mcu90614-bcc-... (page text); fjtkchenhuan/TemperatureDemo temperaturelib/.../SGY_MCU90614_TW.java',
  },
  {
    profile: 'gy-mcu90614',
    direction: 'rx',
    hex: '5a5a45040c780d19',
    valid: false,
    kind: 'derived-negative',
    meaning: {
      error: 'truncated (8 of 9 bytes)',
    },
    source:
      'derived from https://blog.csdn.net/weixin_45633206/article/details/104829883 ; https://w.electrodragon.com/w/Category:Contactless_Temperature',
  },
  {
    profile: 'gy-mcu90614',
    direction: 'rx',
    hex: '5a5a450311223362',
    valid: false,
    kind: 'derived-negative',
    meaning: {
      error: 'wrong device: GY-33 colour sensor shares header 5A 5A 45 with len 3',
    },
    source: 'header/len from find_string id 16776143493 (GY-33 Node script); bytes derived',
  },
  {
    profile: 'gy-mcu90614',
    direction: 'rx',
    hex: '5a5a450a09c4009a5f10123400102f',
    valid: false,
    kind: 'derived-negative',
    meaning: {
      error: 'wrong device: GY-39 weather board, same type 0x45, len 0x0A, 15 byte frame',
    },
    source: 'layout from find_string id 44639499179 / 66462582231; bytes derived',
  },
  {
    profile: 'gy-mcu90614-tw',
    direction: 'rx',
    hex: '5a5a45040e100a284d00',
    valid: true,
    kind: 'derived',
    meaning: {
      object_c: 36,
      ambient_c: 26,
      note: '10 byte frame, sum in byte 8, byte 9 not read by the vendor demo',
    },
    source: 'layout: fjtkchenhuan/TemperatureDemo SGY_MCU90614_TW.java; bytes derived',
  },
  {
    profile: 'lu90614',
    direction: 'tx',
    hex: 'fac6c0',
    valid: true,
    kind: 'documented',
    meaning: {
      command: 'object-temperature mode (stored)',
    },
    source:
      'https://esp32.8266.de/?msel=bsp_temp_lu90614 ; https://cicciocb.com/forum/viewtopic.php?f=18&p=4194 ; https://blog.csdn.net/bebebug/article/details/127998252',
  },
  {
    profile: 'lu90614',
    direction: 'rx',
    hex: 'feaa281e00000000ee',
    valid: true,
    kind: 'documented',
    meaning: {
      mode: 'object',
      object_c: 40.3,
      rule: 'DataH + DataL/100',
    },
    source:
      'https://esp32.8266.de/?msel=bsp_temp_lu90614 ; https://cicciocb.com/forum/viewtopic.php?f=18&p=4194 ; https://blog.csdn.net/bebebug/article/details/127998252',
  },
  {
    profile: 'lu90614',
    direction: 'rx',
    hex: 'feac281e00000000f0',
    valid: true,
    kind: 'documented',
    meaning: {
      mode: 'body',
      body_c: 40.3,
    },
    source:
      'https://esp32.8266.de/?msel=bsp_temp_lu90614 ; https://cicciocb.com/forum/viewtopic.php?f=18&p=4194 ; https://blog.csdn.net/bebebug/article/details/127998252',
  },
  {
    profile: 'lu90614',
    direction: 'rx',
    hex: 'feacffff00000000a8',
    valid: false,
    kind: 'derived-negative',
    meaning: {
      mode: 'body',
      error: 'out of range marker FF FF (checksum fine)',
    },
    source: 'marker from code in https://blog.csdn.net/2401_83703951/article/details/138918722; bytes derived',
  },
  {
    profile: 'lu90614',
    direction: 'rx',
    hex: 'feac281e00000000ee',
    valid: false,
    kind: 'derived-negative',
    meaning: {
      error: 'checksum',
    },
    source: 'derived',
  },
  {
    profile: 'lcus',
    direction: 'tx',
    hex: 'a00101a2',
    valid: true,
    kind: 'documented',
    meaning: {
      relay: 1,
      on: true,
    },
    source:
      'https://tilga.com/prod/5732195 ; https://www.optimusdigital.ro/en/relay-modules/12595-usb-5v-10a-relay-module.html',
  },
  {
    profile: 'lcus',
    direction: 'tx',
    hex: 'a00801a9',
    valid: true,
    kind: 'documented',
    meaning: {
      relay: 8,
      on: true,
    },
    source: 'read_file id 52729335894 (unit test of an LCUS-8 driver)',
  },
  {
    profile: 'lcus',
    direction: 'tx',
    hex: 'a00200a2',
    valid: true,
    kind: 'documented',
    meaning: {
      relay: 2,
      on: false,
    },
    source: 'find_string id 3963451990',
  },
  {
    profile: 'lcus',
    direction: 'tx',
    hex: 'a00101a3',
    valid: false,
    kind: 'derived-negative',
    meaning: {
      error: 'checksum; board ignores it (expected, unverified)',
    },
    source: 'derived',
  },
  {
    profile: 'rdm6300',
    direction: 'rx',
    hex: '0230313030363345394145323503',
    valid: true,
    kind: 'captured-by-others',
    meaning: {
      id5: '010063E9AE',
      printed10: '0006547886',
    },
    source: 'https://forum.arduino.cc/t/rfid-data-format-rdm6300-vs-em4100-readers/251993',
  },
  {
    profile: 'rdm6300',
    direction: 'rx',
    hex: '0230313030303733344530443203',
    valid: true,
    kind: 'captured-by-others',
    meaning: {
      id5: '01000734E0',
      printed10: '0000472288',
    },
    source: 'https://esp8266.com/viewtopic.php?f=45&t=11176 (decimal computed)',
  },
  {
    profile: 'rdm6300',
    direction: 'rx',
    hex: '0231303030323646343434323603',
    valid: false,
    kind: 'captured-by-others-corrupt',
    meaning: {
      error: 'checksum 26, computed 86',
      note: 'poster altered a byte of the dump but kept the text 100086F44426 -> card 0008844356',
    },
    source: 'https://forum.hobbycomponents.com/viewtopic.php?f=82&p=7544',
  },
  {
    profile: 'id-12la',
    direction: 'rx',
    hex: '023043303030363231413538450d0a03',
    valid: true,
    kind: 'documented',
    meaning: {
      id5: '0C000621A5',
      note: 'datasheet prose says 6E, its own XOR table and example give 8E',
    },
    source: 'http://38.142.81.21:8001/manual/sparkfun-electronics/kit-13198/user-manual-english/page-4.html',
  },
  {
    profile: 'em-18',
    direction: 'rx',
    hex: '343530304335443145394238',
    valid: true,
    kind: 'documented',
    meaning: {
      id5: '4500C5D1E9',
      printed10: '0012964329',
      note: '12 ASCII characters, no STX/ETX',
    },
    source: 'https://www.cparkb2c.in/product/em-18-rfid-reader-with-rs-232/',
  },
  {
    profile: 'hid-wedge',
    direction: 'rx',
    hex: '303030363534373838360d',
    valid: true,
    kind: 'documented',
    meaning: {
      printed10: '0006547886',
      note: 'digits then Enter as key events',
    },
    source: 'digits from forum.arduino.cc/t/251993 (same token on a USB reader)',
  },
];
