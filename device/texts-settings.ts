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
};
