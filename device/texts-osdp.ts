// Sentences of the osdp tool: Chinese first, English behind, each says what to do.

const both = (zh: string, en: string) => `${zh} | ${en}`;

export const osdpToolTexts = {
  usage: both(
    '用法：npm run -s osdp -- --path 串口 --address 0到127 [--address ...] [--baud 9600] [--scbk 32位十六进制] [--check crc|checksum]',
    'usage: npm run -s osdp -- --path PORT --address N [--address ...] [--baud 9600] [--scbk HEX] [--check crc|checksum]',
  ),
  missing: (name: string, usage: string) => both(`缺少 ${name}。${usage}`, `${name} is missing; give it.`),
  notWhole: (name: string, value: string, min: number, max: number) =>
    both(
      `${name} 不能是“${value}”，请填 ${min} 到 ${max} 的整数。`,
      `${name} cannot be '${value}'; give a whole number from ${min} to ${max}.`,
    ),
  notOneOf: (name: string, value: string, known: readonly string[]) =>
    both(
      `${name} 不能是“${value}”，请填：${known.join('、')}。`,
      `${name} cannot be '${value}'; use: ${known.join(', ')}.`,
    ),
  badKey: both(
    '--scbk 必须是 32 个十六进制数字（16 字节），请改正。',
    '--scbk must be 32 hex digits (16 bytes); correct it.',
  ),
  tooMany: (max: number) =>
    both(`一条线上最多 ${max} 台设备，请减少 --address。`, `A line has at most ${max} devices; give fewer --address.`),
  addressTwice: both('同一地址只能写一次，请改正 --address。', 'Each address may stand once; correct --address.'),
  broadcastAlone: both(
    '地址 127 只能单独使用：线上必须只有一台设备。',
    'Address 127 must be the only one, with one device on the line.',
  ),
  nobodyReads: both(
    '没有程序在读取输出，请检查接收输出的程序。',
    'Nobody takes the output; look at the program that reads it.',
  ),
  notJson: both('这一行不是 JSON 对象，请改正。', 'This line is no JSON object; correct it.'),
  tooLong: (max: number) =>
    both(`这一行超过 ${max} 字节，请缩短。`, `This line is longer than ${max} bytes; shorten it.`),
  badField: (name: string) =>
    both(`“${name}”须为文字或数字，请改正。`, `'${name}' must be a text or a number; correct it.`),
  whichAddress: (known: readonly number[]) =>
    both(`请写明 address：${known.join('、')} 之一。`, `Say which address is meant: one of ${known.join(', ')}.`),
} as const;
