// What `npm start` may be told by the environment, checked before anything is started. Called by start.
import { mkdtemp, rmdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { makeFolder } from '../folder.ts';
import type { Sentence } from '../texts.ts';
import { startTexts } from './texts.ts';

export const defaults = { GATE_PORT: 7411, HUB_PORT: 7400, SIMULATOR_PORT: 7412, STATE_DIR: '.state' } as const;

/** A start that cannot be: one sentence that says what to do. */
export class StartRefusal extends Error {
  readonly sentence: Sentence;

  constructor(sentence: Sentence) {
    super(sentence.en);
    this.name = 'StartRefusal';
    this.sentence = sentence;
  }
}

export type StartSettings = {
  gatePort: number;
  hubPort: number;
  simulatorPort: number;
  stateDir: string;
  /** SIMULATED_PORTS=memory asks for it; null = ptys where socat is there. */
  ports: 'memory' | null;
};

/** Throws a StartRefusal for a value that is no port, or one that is used twice. */
export function settingsOf(env: Readonly<Record<string, string | undefined>>): StartSettings {
  const port = (key: 'GATE_PORT' | 'HUB_PORT' | 'SIMULATOR_PORT') => {
    const text = env[key];
    if (text === undefined || text === '') return defaults[key];
    const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > 65_535) throw new StartRefusal(startTexts.badPort(key, text));
    return value;
  };
  const settings = {
    gatePort: port('GATE_PORT'),
    hubPort: port('HUB_PORT'),
    simulatorPort: port('SIMULATOR_PORT'),
    stateDir: resolve(env.STATE_DIR || defaults.STATE_DIR),
    ports: env.SIMULATED_PORTS === 'memory' ? ('memory' as const) : null,
  };
  const used = [settings.gatePort, settings.hubPort, settings.simulatorPort];
  const twice = used.find((value, index) => used.indexOf(value) !== index);
  if (twice !== undefined) throw new StartRefusal(startTexts.samePorts(twice));
  return settings;
}

/** Throws a StartRefusal that names the first port that somebody else holds or this user may not open. */
export async function requireFreePorts(settings: StartSettings, listens = whyNotListening): Promise<void> {
  const wanted = { GATE_PORT: settings.gatePort, HUB_PORT: settings.hubPort, SIMULATOR_PORT: settings.simulatorPort };
  for (const [key, port] of Object.entries(wanted)) {
    const code = await listens(port);
    if (code === 'EADDRINUSE') throw new StartRefusal(startTexts.portInUse(key, port));
    if (code !== null) throw new StartRefusal(startTexts.portRefused(key, port, code));
  }
}

/** Makes the state folder where it is missing; throws a StartRefusal when nothing can be kept in it. */
export async function requireFolder(path: string): Promise<void> {
  try {
    await makeFolder(path);
    // What permissions say is not all: a disk may be mounted read-only.
    await rmdir(await mkdtemp(join(path, 'start-')));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new StartRefusal(startTexts.folderRefused(path, String(error.code)));
  }
}

/** The code of what keeps this port from being listened on, or null. */
function whyNotListening(port: number): Promise<string | null> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    server.listen(port, '127.0.0.1', () => server.close(() => done(null)));
  });
}
