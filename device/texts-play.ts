// Sentences of the play tool: Chinese first, English behind, each says what to do.

const both = (zh: string, en: string) => `${zh} | ${en}`;

export const playTexts = {
  usage: both(
    '用法：npm run play -- --profile 型号 (--path 已有的串口 | --link 新链接) [--temp 36.5] [--card 卡号] [--rate 每秒次数] [--count 次数] [--seed 种子] [故障开关见 docs/devices.md]',
    'usage: npm run play -- --profile NAME (--path PTY | --link FILE) [--temp C] [--ambient C] [--jitter C] [--card UID] [--rate HZ] [--count N] [--seed N] [--address N] [--scbk HEX] [--noise P] [--flip P] [--drop P] [--double P] [--wrong-baud] [--freeze AFTER] [--mute AFTER] [--drift C/H] [--unplug EVERY] [--bias toward-normal=K]',
  ),
  onePlace: both(
    '请给出 --path（已有的串口）或 --link（由本程序新建的链接）中的一个。',
    'Give exactly one of --path (a port that exists) and --link (one to be made).',
  ),
  noPort: (path: string) =>
    both(
      `没有串口“${path}”。请先建立它，或改用 --link 让本程序新建。`,
      `There is no port '${path}'. Make it first, or use --link to have one made.`,
    ),
  portTrouble: (path: string, trouble: string) =>
    both(
      `打不开“${path}”（${trouble}），请检查是否被占用、是否有权限、是否为串口。`,
      `Cannot open '${path}' (${trouble}): see who holds it, its permissions, and that it is a serial port.`,
    ),
  portGone: (path: string) =>
    both(`“${path}”已消失，演示结束。`, `'${path}' is gone; the device stops. Start it again when the port is back.`),
  linkTaken: (path: string) =>
    both(`“${path}”已存在，请换一个名字或先删除它。`, `'${path}' exists already: choose another name or remove it.`),
  linkFolder: (path: string) =>
    both(`“${path}”所在的文件夹不存在，请先建立。`, `The folder of '${path}' does not exist: make it first.`),
  noSocat: both(
    '--link 需要 socat，请先安装：apt-get install socat。',
    '--link needs socat: install it with apt-get install socat.',
  ),
  notPlayed: (profile: string, known: readonly string[]) =>
    both(
      `型号“${profile}”不能演示，可用：${known.join('、')}。`,
      `'${profile}' cannot be played; use: ${known.join(', ')}.`,
    ),
  notNumber: (name: string, value: string, min: number, max: number) =>
    both(
      `${name} 不能是“${value}”，请填 ${min} 到 ${max} 的数。`,
      `${name} cannot be '${value}'; give a number from ${min} to ${max}.`,
    ),
  badBias: (value: string) =>
    both(
      `--bias 不能是“${value}”，请写成 toward-normal=0.5（0 到 1）。`,
      `--bias cannot be '${value}'; write toward-normal=K with K from 0 to 1.`,
    ),
  badKey: both(
    '--scbk 必须是 32 个十六进制数字（16 字节），请改正。',
    '--scbk must be 32 hex digits (16 bytes); correct it.',
  ),
  badCard: (profile: string, card: string, says: string, sample: string) =>
    both(
      `${profile} 的卡不能是“${card}”，请填 ${says} 位，例如 ${sample}。`,
      `A card of ${profile} cannot be '${card}'; give ${says} characters, for example ${sample}.`,
    ),
  onlyFor: (name: string, what: 'thermometer' | 'reader' | 'osdp') =>
    both(
      `${name} 只用于${{ thermometer: '体温计', reader: '读卡器', osdp: ' OSDP ' }[what]}，请去掉。`,
      `${name} is only for ${what} profiles; leave it out.`,
    ),
  notTruth: (name: string) => both(`${name} 请填 true 或 false。`, `${name} is true or false; correct it.`),
  notJson: both(
    '这一行不是能用的命令，请写成例如 {"temp":38.2} 或 {"card":"010063E9AE"} 或 {"fault":{"flip":0.01}}。',
    'This line is no command; write for example {"temp":38.2} or {"card":"010063E9AE"} or {"fault":{"flip":0.01}}.',
  ),
  unknownField: (name: string, known: readonly string[]) =>
    both(`不认识“${name}”，可用：${known.join('、')}。`, `'${name}' is not known; use: ${known.join(', ')}.`),
  tooLong: (max: number) =>
    both(`这一行超过 ${max} 字节，请缩短。`, `This line is longer than ${max} bytes; shorten it.`),
} as const;
