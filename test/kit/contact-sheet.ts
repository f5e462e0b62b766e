// Many pictures on one that a person can look at, each with its caption. Called by the shift program.
import { readFileSync } from 'node:fs';
import type { BrowserContext } from 'playwright';

export type Picture = { file: string; caption: string };

const escaped = (text: string) => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);

/** Lays the pictures out in rows of `columns` and writes them as one PNG. */
export async function writeContactSheet(
  context: BrowserContext,
  pictures: readonly Picture[],
  to: string,
  { columns = 6, width = 270 } = {},
): Promise<void> {
  const page = await context.newPage();
  try {
    await page.setViewportSize({ width: columns * (width + 12) + 12, height: 800 });
    const cells = pictures.map(({ file, caption }) => {
      const data = readFileSync(file).toString('base64');
      return `<figure><img width="${width}" src="data:image/png;base64,${data}"><figcaption>${escaped(caption)}</figcaption></figure>`;
    });
    await page.setContent(
      `<style>body{margin:6px;font:14px/1.3 sans-serif;display:grid;grid-template-columns:repeat(${columns},${width}px);gap:12px}
       figure{margin:0}img{display:block;border:1px solid #838a93}</style>${cells.join('')}`,
      { waitUntil: 'load' },
    );
    await page.screenshot({ path: to, fullPage: true });
  } finally {
    await page.close();
  }
}
