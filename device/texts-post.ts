// What the bridge answers to the settings' tab "This post" when it refuses, both languages; each says what to do. Called by
// settings-post.
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const postTexts = {
  noStick: () => both('没有找到可写的 U 盘，请插入后再试。', 'No writable USB stick found: plug one in and try again.'),
  noBacklight: () =>
    both(
      '这块屏幕没有可调的背光，请用屏幕自己的按键。',
      'This screen has no adjustable backlight: use its own buttons.',
    ),
  backlightDenied: () =>
    both(
      '没有权限调背光，请技术员按运维手册第 11 节添加 udev 规则。',
      'No permission to set the backlight: have the udev rule of the operations page, section 11, added.',
    ),
};
