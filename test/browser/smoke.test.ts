import { expect, it } from 'vitest';

it('runs in a real Chromium in Chinese, on campus time', () => {
  expect(navigator.language).toBe('zh-CN');
  expect(Intl.DateTimeFormat().resolvedOptions().timeZone).toBe('Asia/Shanghai');
});
