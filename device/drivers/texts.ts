// Sentences of the drivers for the person who installs them: Chinese first, English behind, each says what to do.

const both = (zh: string, en: string) => `${zh} | ${en}`;

export const texts = {
  unknownProfile: (name: string, known: readonly string[]) =>
    both(
      `没有名为“${name}”的设备型号，请改用：${known.join('、')}。`,
      `There is no profile '${name}'; use one of: ${known.join(', ')}.`,
    ),
  unknownOption: (profile: string, option: string, known: readonly string[]) =>
    known.length === 0
      ? both(
          `型号 ${profile} 没有选项，请去掉“${option}”。`,
          `Profile ${profile} takes no options; remove '${option}'.`,
        )
      : both(
          `型号 ${profile} 没有选项“${option}”，可用：${known.join('、')}。`,
          `Profile ${profile} has no option '${option}'; use: ${known.join(', ')}.`,
        ),
  unknownCommand: (profile: string, command: string, known: readonly string[]) =>
    known.length === 0
      ? both(`型号 ${profile} 没有命令。`, `Profile ${profile} has no commands; choose another profile.`)
      : both(
          `型号 ${profile} 没有命令“${command}”，可用：${known.join('、')}。`,
          `Profile ${profile} has no command '${command}'; use: ${known.join(', ')}.`,
        ),
  notOneOf: (profile: string, option: string, value: string, known: readonly string[]) =>
    both(
      `型号 ${profile} 的选项 ${option} 不能是“${value}”，请填：${known.join('、')}。`,
      `Option ${option} of ${profile} cannot be '${value}'; use: ${known.join(', ')}.`,
    ),
  notWhole: (profile: string, option: string, value: string, min: number, max: number) =>
    both(
      `型号 ${profile} 的选项 ${option} 不能是“${value}”，请填 ${min} 到 ${max} 的整数。`,
      `Option ${option} of ${profile} cannot be '${value}'; give a whole number from ${min} to ${max}.`,
    ),
  notDecimal: (option: string, value: string) =>
    both(
      `选项 ${option} 不能是“${value}”，请填温度数字，例如 36.5。`,
      `Option ${option} cannot be '${value}'; give a temperature such as 36.5.`,
    ),
  notFraction: (option: string, value: string, min: string, max: string, places: number) =>
    both(
      `选项 ${option} 不能是“${value}”，请填 ${min} 到 ${max}、至多 ${places} 位的小数，例如 0.95。`,
      `Option ${option} cannot be '${value}'; give a decimal from ${min} to ${max} with at most ${places} places, such as 0.95.`,
    ),
  missingOption: (profile: string, command: string, option: string) =>
    both(
      `型号 ${profile} 的命令 ${command} 需要选项 ${option}，请补上。`,
      `Command ${command} of ${profile} needs option ${option}; add it.`,
    ),
  rangeReversed: (min: string, max: string) =>
    both(`minC（${min}）不能大于 maxC（${max}），请对调。`, `minC (${min}) is above maxC (${max}); swap them.`),
  delimiters: (value: string, max: number) =>
    both(
      `delimiters 不能是“${value}”，请填 1 到 ${max} 个字节的十六进制，例如 0D0A。`,
      `delimiters cannot be '${value}'; give 1 to ${max} bytes in hex, for example 0D0A.`,
    ),
  digitsReversed: (min: number, max: number) =>
    both(
      `minDigits（${min}）不能大于 maxDigits（${max}），请对调。`,
      `minDigits (${min}) is above maxDigits (${max}); swap them.`,
    ),
  strip: (value: string, max: number) =>
    both(
      `strip 不能是“${value}”，请填最多 ${max} 个可见的 ASCII 字符。`,
      `strip cannot be '${value}'; give at most ${max} printable ASCII characters.`,
    ),
  patternTooLong: (max: number) =>
    both(`pattern 最长 ${max} 个字符，请缩短。`, `pattern may have at most ${max} characters; shorten it.`),
  patternBroken: (why: string) =>
    both(
      `pattern 不是有效的正则表达式（${why}），请改正。`,
      `pattern is not a regular expression (${why}); correct it.`,
    ),
  patternGroups: (count: number) =>
    both(
      `pattern 必须恰好有一个捕获组（现有 ${count} 个），例如 T=([0-9.]+)。`,
      `pattern must have exactly one capture group (it has ${count}), for example T=([0-9.]+).`,
    ),
  patternSlow: both(
    'pattern 在长行上太慢，请少用 * 和 +，例如改为 {1,4}。',
    'pattern is too slow on long lines; use fewer * and +, for example {1,4} instead.',
  ),
  patternNested: both(
    'pattern 不可在重复的括号内再重复，也不可用反向引用或环视，请写得更简单。',
    'pattern must not repeat a group that repeats or branches inside, nor use back-references or look-around; make it simpler.',
  ),
} as const;
