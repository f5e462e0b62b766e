// What axe finds on what is painted, as the screen stands and turned by a quarter. Called by the tests of every page.
import axe from 'axe-core';
import { page } from 'vitest/browser';
import { language, languages } from '../../src/i18n/define.ts';

/** `document` judges the page as a whole (one heading of the first rank, landmarks); an element judges that part. */
export async function axeFaults(where: Element | Document): Promise<string[]> {
  const { innerWidth: width, innerHeight: height } = window;
  const faults = new Set(await found(where));
  await page.viewport(height, width);
  for (const fault of await found(where)) faults.add(`turned: ${fault}`);
  await page.viewport(width, height);
  return [...faults];
}

async function found(where: Element | Document): Promise<string[]> {
  await new Promise((painted) => requestAnimationFrame(painted));
  // A kiosk's picture is no document with a main part and parts around it.
  const { violations } = await axe.run(where, { rules: { region: { enabled: false } } });
  return violations.flatMap((fault) =>
    fault.nodes.map((node) => `${fault.id}: ${node.html.slice(0, 120)} ${node.failureSummary ?? ''}`),
  );
}

/** The same in both languages, for pages that follow the language by themselves. */
export async function axeFaultsInBoth(where: () => Element | Document): Promise<string[]> {
  const shown = language.value;
  const faults: string[] = [];
  for (const which of languages) {
    language.value = which;
    for (const fault of await axeFaults(where())) faults.push(`${which}: ${fault}`);
  }
  language.value = shown;
  return faults;
}
