// `npm run crash -- --rounds N [--seed S]`: kill -9 of the bridge, of Chromium, of the hub and of its database in mid-passage, N
// times each, with two starts after each; then every passage that the screen had shown as saved is looked for.
import { runKills } from './kills.ts';
import { numberArgument } from './seeded.ts';

const isGood = await runKills({
  victims: ['bridge', 'chromium', 'hub', 'database'],
  rounds: numberArgument('rounds', 20),
  seed: numberArgument('seed', Date.now() % 1_000_000),
});
process.exit(isGood ? 0 : 1);
