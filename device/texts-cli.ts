// Sentences of the decode, encode and convert tools and of rehearse: Chinese first, English behind, each says what to do.

const both = (zh: string, en: string) => `${zh} | ${en}`;

export const cliTexts = {
  decodeUsage: both(
    '用法：npm run -s decode -- --profile 型号 [--option 名=值]... (--hex 十六进制 | --file 文件)',
    'usage: npm run -s decode -- --profile NAME [--option key=value]... (--hex HEX | --file CAPTURE)',
  ),
  encodeUsage: both(
    '用法：npm run -s encode -- --profile 型号 --command 命令 [--channel 1]',
    'usage: npm run -s encode -- --profile NAME --command COMMAND [--channel 1]',
  ),
  convertUsage: both('用法：npm run -s convert -- --uid 十六进制', 'usage: npm run -s convert -- --uid HEX'),
  badUid: both(
    '--uid 必须是 3 到 16 个字节的十六进制数字，例如 5630F009，请改正。',
    '--uid must be 3 to 16 bytes of hex digits, for example 5630F009; correct it.',
  ),
  badArguments: (why: string, usage: string) => both(`参数有误（${why}）。${usage}`, `Wrong arguments (${why}).`),
  badOption: (text: string) =>
    both(`“${text}”不是 名=值 的形式，请写成例如 unit=C。`, `'${text}' is not key=value; write for example unit=C.`),
  oneSource: both('请给出 --hex 或 --file 中的一个。', 'Give exactly one of --hex and --file.'),
  badHex: both(
    '--hex 必须是成对的十六进制数字（可有空格），例如 5A5A45040C780D19A7，请改正。',
    '--hex must be pairs of hex digits (spaces allowed), for example 5A5A45040C780D19A7; correct it.',
  ),
  rehearseUsage: both(
    '用法：npm run -s rehearse -- --entries 文件 [--policy 文件]，或从标准输入读入场景',
    'usage: npm run -s rehearse -- --entries FILE [--policy FILE], or scenarios on standard input',
  ),
  policyNoJson: (path: string) =>
    both(
      `判定规则文件“${path}”不是有效的 JSON，请改正后重试。`,
      `The policy '${path}' is not JSON; correct it and try again.`,
    ),
  policyRefused: (path: string, keys: string) =>
    both(
      `判定规则文件“${path}”不能采用（${keys}），各项和上下限见 docs/policy.md，请改正。`,
      `The policy '${path}' is not one that a gate may follow (${keys}); docs/policy.md lists keys and bounds.`,
    ),
  /** `rule`: "freshMs <= staleMs must hold". */
  policyContradicts: (path: string, rule: string) =>
    both(
      `判定规则文件“${path}”自相矛盾（${rule}），请改正。`,
      `The policy '${path}' contradicts itself (${rule}); correct it.`,
    ),
  unreadable: (path: string, code: string) =>
    both(
      `读不了文件“${path}”（${code}），请检查路径和权限。`,
      `Cannot read the file '${path}' (${code}); check its path and permissions.`,
    ),
} as const;
