// What axe finds on what is painted, as the screen stands and turned by a quarter. Called by the tests of every page.
import axe from 'axe-core';
import { page } from 'vitest/browser';

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
