// What kept the hub or one of its commands from starting, as one sentence that says what to do. Called by main.ts,
// export-main.ts and cli.ts.
import { cliTexts } from './texts.ts';

/** Chinese and English in one line; an error that is not known keeps its own words. Never a stack. */
export function startSentence(error: unknown): string {
  // A name with two addresses (localhost) fails as a bundle without words of its own.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return cliTexts.failed(String(first));
  const { code, port, path, syscall } = detailsOf(first);
  if (code === 'EADDRINUSE') return cliTexts.portTaken(port);
  if (syscall === 'listen' || syscall === 'bind') return cliTexts.cannotListen(port, code);
  if (syscall === 'connect' || code.startsWith('28') || code === '3D000')
    return cliTexts.databaseRefused(first.message);
  if (syscall === 'getaddrinfo') return cliTexts.hostUnknown(first.message);
  if (isFull(code)) return cliTexts.diskFull(path);
  if (path !== '') return cliTexts.pathRefused(path, code);
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_OSSL')) return cliTexts.tlsWrong(first.message);
  if (isSentence(first.message)) return first.message;
  return cliTexts.failed(first.message);
}

/** What `work` cannot write to the file of somebody's choice is told of that file alone, not of the hub's settings. */
export async function writing<Done>(path: string, work: () => Promise<Done>): Promise<Done> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { code, path: failed } = detailsOf(error);
    // A handle's own errors, such as a full disk's, name no path.
    if (isFull(code)) throw new Error(cliTexts.diskFull(path));
    throw failed === '' ? error : new Error(cliTexts.fileRefused(path, code));
  }
}

const isFull = (code: string): boolean => code === 'ENOSPC' || code === 'EDQUOT';

function detailsOf(error: Error): { code: string; port: number; path: string; syscall: string } {
  const text = (key: string): string => {
    const value: unknown = Reflect.get(error, key);
    return typeof value === 'string' ? value : '';
  };
  const port: unknown = Reflect.get(error, 'port');
  return {
    code: text('code'),
    port: typeof port === 'number' ? port : 0,
    path: text('path'),
    syscall: text('syscall'),
  };
}

/** Our own sentences speak Chinese first. */
function isSentence(message: string): boolean {
  return /\p{Script=Han}/u.test(message);
}
