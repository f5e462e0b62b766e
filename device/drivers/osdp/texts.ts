// Sentences about OSDP for the person who installs it: Chinese first, English behind, each says what to do.

const both = (zh: string, en: string) => `${zh} | ${en}`;

export const osdpTexts = {
  notSteps: (option: string, value: string, stepMs: number) =>
    both(
      `选项 ${option} 不能是“${value}”，请填 ${stepMs} 毫秒的整数倍。`,
      `Option ${option} cannot be '${value}'; give a multiple of ${stepMs} milliseconds.`,
    ),
  notColor: (option: string, value: string, known: readonly string[]) =>
    both(
      `选项 ${option} 不能是“${value}”，请填：${known.join('、')}，或 0 到 255 的编号。`,
      `Option ${option} cannot be '${value}'; use ${known.join(', ')}, or a number from 0 to 255.`,
    ),
  notText: (max: number) =>
    both(
      `text 须为 1 到 ${max} 个英文字母、数字或符号（读卡器显示不了汉字），请改写。`,
      `text must be 1 to ${max} printable ASCII characters; rewrite it.`,
    ),
  notHex: (option: string, bytes: number) =>
    both(
      `选项 ${option} 须为 ${bytes * 2} 个十六进制数字，请改正。`,
      `Option ${option} must be ${bytes * 2} hex digits; correct it.`,
    ),
} as const;
