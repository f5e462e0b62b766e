// What `npm start` may be told by the environment, checked before anything is started. Called by start.
import { createServer } from 'node:net';
import { resolve } from 'node:path';
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

/** Throws a StartRefusal that names the first port that somebody else holds. */
export async function requireFreePorts(settings: StartSettings): Promise<void> {
  const wanted = { GATE_PORT: settings.gatePort, HUB_PORT: settings.hubPort, SIMULATOR_PORT: settings.simulatorPort };
  for (const [key, port] of Object.entries(wanted)) {
    if (!(await isFree(port))) throw new StartRefusal(startTexts.portInUse(key, port));
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(false) : fail(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
