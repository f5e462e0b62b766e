// A real Chromium on a profile on disk (a private context would keep IndexedDB in memory). Called by e2e tests and tools.
import { type BrowserContext, chromium, type Page } from 'playwright';

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  // A kiosk page is always in front; without a screen Chromium would slow its timers.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** What tests and tools open pages in. `TEST_CHROMIUM`: set by `npm test` where Debian's headless shell of the same Chromium is. */
export const testChromium = process.env.TEST_CHROMIUM ?? process.env.CHROMIUM ?? '/usr/bin/chromium';

export type Browser = { context: BrowserContext; page: Page; close(): Promise<void> };

/**
 * Opens the profile in `folder` with one page. `size` defaults to the gate's portrait screen. Painted at half its resolution: without
 * a graphics card the pixels are what costs most, and no test looks at them.
 */
export async function openChromium(
  folder: string,
  size: { width: number; height: number; deviceScaleFactor?: number } = { width: 1080, height: 1920 },
  extra: string[] = [],
): Promise<Browser> {
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: testChromium,
    headless: true,
    args: [...chromiumArgs, ...extra],
    viewport: { width: size.width, height: size.height },
    deviceScaleFactor: size.deviceScaleFactor ?? 0.5,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return { context, page, close: () => context.close() };
}
