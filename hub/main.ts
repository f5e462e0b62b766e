// `npm run hub`: starts the hub for real, or does one administrative thing and ends (see cliTexts.usage).
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { type Storage, storageOf } from './base.ts';
import { runCommand } from './cli.ts';
import { feedDaysOf } from './feed-keep.ts';
import { headsFolder } from './head-key.ts';
import { namesOf } from './hosts.ts';
import { startHub } from './hub.ts';
import { startSentence } from './start-sentence.ts';
import { cliTexts } from './texts.ts';

const wantedLevel = process.env.LOG_LEVEL ?? 'info';
const level = wantedLevel in pino.levels.values || wantedLevel === 'silent' ? wantedLevel : 'info';
const log = pino({ level }, pino.destination(2));

/**
 * Resolves when the hub is told to end. Listened for before anything is started: neither a start nor a command that is
 * told to end in its middle may leave a database running. A command ends by itself.
 */
const told = new Promise<void>((stop) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());
  // Started by a program that keeps a channel (`npm start`): that program's death ends the hub too.
  if (process.connected) process.once('disconnect', () => stop());
  process.channel?.unref(); // a start that was refused must end by itself
});

try {
  const storage = storageOf(process.env);
  const args = process.argv.slice(2);
  if (args.length > 0) process.exitCode = await runCommand(args, storage, log);
  else await serveUntilStopped(storage);
} catch (error) {
  // One sentence for people; the stack only where it helps.
  console.error(startSentence(error));
  process.exitCode = 1;
}

async function serveUntilStopped(storage: Storage): Promise<void> {
  const { TLS_CERT: certFile, TLS_KEY: keyFile } = process.env;
  const port = portOf(process.env.HUB_PORT ?? '7400');
  if ((certFile === undefined) !== (keyFile === undefined)) throw new Error(cliTexts.halfTls);
  const hub = await startHub({
    ...storage,
    port,
    host: process.env.HUB_HOST ?? '127.0.0.1',
    names: namesOf(process.env.HUB_NAMES),
    pagesDir: fileURLToPath(new URL('../pages', import.meta.url)),
    log,
    headsDir: headsFolder(),
    feedDays: feedDaysOf(process.env.FEED_DAYS),
    ...(certFile && keyFile ? { tls: { certFile, keyFile } } : {}),
  });
  console.log(cliTexts.ready(hub.url));
  if (hub.databaseDir !== null) console.log(cliTexts.dataAt(hub.databaseDir));
  await told;
  await hub.stop();
  process.exit(0);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error(cliTexts.badPort(text));
  return port;
}
