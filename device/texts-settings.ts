// What the bridge answers to the settings page when it refuses, both languages; each says what to do. Called by settings-*.
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const settingsTexts = {
  signInFirst: () => both('请先用 PIN 登录设置。', 'Sign in to the settings with your PIN first.'),
  wrongBody: () => both('内容不对，请刷新页面后重试。', 'This request is out of shape: reload the page and try again.'),
  wrongType: () => both('只接受 JSON，请刷新页面后重试。', 'Only JSON is taken here: reload the page and try again.'),
  tooLarge: () => both('内容过大，请减少后重试。', 'This request is too large: send less.'),
  failed: () =>
    both(
      '设备盒没有完成此操作，请重试；仍不行请看它的日志。',
      'The bridge could not do this: try again, then look at its log.',
    ),
  doctorRuns: () => both('检查正在进行，请等它结束。', 'The check is running: wait for its end.'),
  tapAgain: () =>
    both(
      '有的卡刷得太早或不是在这个读卡器上刷的，请重新刷卡。',
      'A card was tapped too long ago, or at another reader: tap the cards again.',
    ),
  paperTime: () =>
    both(
      '有一行的时间在将来，或早于七天：请对照表格改正。',
      'The time of a row lies ahead, or more than seven days back: correct it by the sheet.',
    ),
  paperWaits: () =>
    both(
      '已录入，但设备盒还没有写到硬盘：请保留纸质表格，稍后再看。',
      'Taken, but not on the disk yet: keep the sheet and look again later.',
    ),
  notOne: () =>
    both(
      '不是恰好一种换算符合，不能写入；请换三张卡再试。',
      'Not exactly one conversion fits, so none is written: try three other cards.',
    ),
  configChanged: () =>
    both(
      '配置文件在此期间被改过，没有写入；请重新判断一次。',
      'The configuration was changed meanwhile and was not written: judge the cards again.',
    ),
  unwritable: () =>
    both(
      '这里写不了配置文件，请把显示的内容抄进 gate.config.json。',
      'The configuration cannot be written from here: copy the lines into gate.config.json.',
    ),
};
