// What each key of gate.config.json must be, in words, for the sentence about a missing or wrong one. Called by config-shape.
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const configTexts: Record<string, Sentence> & { root: Sentence; device: Sentence } = {
  root: both('一个 JSON 对象', 'a JSON object'),
  device: both('一个设备对象 {role, profile, path, ...}', 'a device object {role, profile, path, ...}'),
  port: both('1 到 65535 的整数，如 7411', 'a whole number from 1 to 65535, such as 7411'),
  hubUrl: both('总台地址，如 https://hub.example.edu', "the hub's address, such as https://hub.example.edu"),
  hubCa: both('总台证书 PEM 文件的路径', "the path of the hub's PEM certificate"),
  stationToken: both(
    '总台发给本站点的令牌（不含空格）',
    'the token that the hub gave this station, without spaces; leave it out when the station redeems a pairing code',
  ),
  station: both('站点对象 {"name":...,"campus":...}', 'an object {"name":...,"campus":...}'),
  name: both('站点名称，1 到 100 个字', 'the name of the station, 1 to 100 characters'),
  campus: both('校区名称，1 到 60 个字', 'the name of the campus, 1 to 60 characters'),
  code: both('一个大写字母加两位数字，如 G03', 'one capital letter and two digits, such as G03'),
  direction: both('"in" 或 "out"', '"in" or "out"'),
  clinicPhone: both('卫生所电话，最多 40 个字', "the clinic's telephone, at most 40 characters"),
  stateDir: both('数据目录的路径', 'the path of the state folder'),
  rounds: both(
    'true 或 false：本机是否也作宿舍测温平板',
    'true or false: whether this machine is a tablet for the rounds as well',
  ),
  devices: both('最多 8 个设备的数组', 'a list of at most 8 devices'),
  role: both('"thermometer"、"reader"、"barrier" 或 "feedback"', '"thermometer", "reader", "barrier" or "feedback"'),
  profile: both('设备类型名称，如 "gy-mcu90614"', 'the name of a device profile, such as "gy-mcu90614"'),
  path: both(
    '串口路径，如 /dev/serial/by-path/... 或 /dev/ttyUSB0',
    'the path of the serial port, such as /dev/serial/by-path/... or /dev/ttyUSB0',
  ),
  baudRate: both('300 到 921600 的整数，如 9600', 'a whole number from 300 to 921600, such as 9600'),
  options: both('选项对象，值为文本', 'an object whose values are texts'),
  site: both(
    '"forehead"、"wrist"、"neck"、"ear"、"axillary" 或 "oral"',
    '"forehead", "wrist", "neck", "ear", "axillary" or "oral"',
  ),
  mode: both('"object"、"forehead"、"wrist" 或 "contact"', '"object", "forehead", "wrist" or "contact"'),
  bodyOffsetC: both(
    '-10 到 10 的数，最多两位小数，如 1.2',
    'a number from -10 to 10 with at most two decimals, such as 1.2',
  ),
  warmUp: both('"ask" 或 "warm"', '"ask" or "warm"'),
  address: both('0 到 126 的整数（OSDP 地址）', 'a whole number from 0 to 126 (the OSDP address)'),
  scbk: both('32 个十六进制数字（16 字节密钥）', '32 hex digits (a key of 16 bytes)'),
  check: both('"crc" 或 "checksum"', '"crc" or "checksum"'),
  installMode: both('true 或 false', 'true or false'),
  output: both('0 到 255 的整数（OSDP 输出口，从 0 起）', 'a whole number from 0 to 255 (the OSDP output, 0 = first)'),
  input: both('1 到 64 的整数（输入口，从 1 起）', 'a whole number from 1 to 64 (the input, 1 = first)'),
  contact: both(
    '"leaf"（门磁）或 "passage"（通行脉冲）',
    '"leaf" (closed while shut) or "passage" (one pulse a person)',
  ),
  activeWhen: both(
    '"closed" 或 "open"（触点何时表示打开或通行）',
    '"closed" or "open" (which contact means open or passing)',
  ),
  admitMs: both('2000 到 60000 的整数（毫秒）', 'a whole number from 2000 to 60000 (milliseconds)'),
  heldOpenMs: both('3000 到 300000 的整数（毫秒）', 'a whole number from 3000 to 300000 (milliseconds)'),
  channel: both('1 到 16 的整数', 'a whole number from 1 to 16'),
  pulseMs: both('100 到 5000 的整数（毫秒），如 300', 'a whole number from 100 to 5000 (milliseconds), such as 300'),
};
