// `npm run hub`: starts the hub for real, or does one administrative thing and ends (see cliTexts.usage).
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { runCommand } from './cli.ts';
import { type Storage, startHub } from './hub.ts';
import { cliTexts } from './texts.ts';

const log = pino({ level: process.env.LOG_LEVEL ?? 'info' }, pino.destination(2));

try {
  const storage: Storage = process.env.DATABASE_URL
    ? { databaseUrl: process.env.DATABASE_URL }
    : { stateDir: process.env.STATE_DIR ?? './.state' };
  const args = process.argv.slice(2);
  if (args.length > 0) process.exitCode = await runCommand(args, storage, log);
  else await serveUntilStopped(storage);
} catch (error) {
  // One sentence for people; the stack only where it helps.
  console.error(sentenceOf(error));
  process.exitCode = 1;
}

async function serveUntilStopped(storage: Storage): Promise<void> {
  const { TLS_CERT: certFile, TLS_KEY: keyFile } = process.env;
  const hub = await startHub({
    ...storage,
    port: portOf(process.env.HUB_PORT ?? '7400'),
    host: process.env.HUB_HOST ?? '127.0.0.1',
    pagesDir: fileURLToPath(new URL('../pages', import.meta.url)),
    log,
    ...(certFile && keyFile ? { tls: { certFile, keyFile } } : {}),
  });
  console.log(cliTexts.ready(hub.url));
  if (hub.databaseDir !== null) console.log(cliTexts.dataAt(hub.databaseDir));
  const stop = () => {
    hub.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(sentenceOf(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error(cliTexts.badPort(text));
  return port;
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const port = 'port' in error && typeof error.port === 'number' ? error.port : null;
  if ('code' in error && error.code === 'EADDRINUSE' && port !== null) return cliTexts.portTaken(port);
  return error.message;
}
