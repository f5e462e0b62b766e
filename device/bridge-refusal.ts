// Why a bridge does not start, as one sentence that says what to do. Thrown by bridge, printed by main.
import { LockedError } from './journal-lock.ts';
import { type Sentence, spoken, texts } from './texts.ts';

export class BridgeRefusal extends Error {
  readonly sentence: Sentence;
  constructor(sentence: Sentence) {
    super(spoken(sentence));
    this.name = 'BridgeRefusal';
    this.sentence = sentence;
  }
}

/** The system's errors that an operator can do something about, in words; everything else stays what it is. */
export function refusalOf(error: unknown, port: number, stateDir: string): unknown {
  if (error instanceof LockedError) return new BridgeRefusal(texts.stateLocked(stateDir, error.pid));
  if (!(error instanceof Error) || !('code' in error)) return error;
  const isListening = 'syscall' in error && error.syscall === 'listen';
  if (error.code === 'EADDRINUSE') return new BridgeRefusal(texts.portInUse(port));
  if (error.code === 'EACCES' && isListening) return new BridgeRefusal(texts.portDenied(port));
  const isFolder = 'syscall' in error && error.syscall === 'mkdir' && error.code === 'ENOENT';
  const disk = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST', 'EIO', 'ENAMETOOLONG'];
  return isFolder || disk.includes(String(error.code))
    ? new BridgeRefusal(texts.stateUnusable(stateDir, error.message))
    : error;
}
