// A refusal: an expected "no" with its HTTP status and one sentence in two languages that says what to do. Thrown by the
// hub's operations, turned into an errorAnswer by http.ts.
import type { ErrorAnswer } from '../src/contracts/upload.ts';
import { type RefusalCode, refusalTexts } from './texts.ts';

export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 421 | 422 | 429 | 500 | 503 | 507;

export class Refusal extends Error {
  readonly status: RefusalStatus;
  readonly code: RefusalCode;
  readonly details: string[];
  readonly retryAfterS: number | null;

  constructor(status: RefusalStatus, code: RefusalCode, details: string[] = [], retryAfterS: number | null = null) {
    super(code);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfterS = retryAfterS;
  }
}

/** The body that tells a refusal (errorAnswer of src/contracts/upload.ts). */
export function errorAnswerOf(code: RefusalCode, details: string[] = []): ErrorAnswer {
  const { zh, en } = refusalTexts[code];
  return { error: details.length > 0 ? { code, zh, en, details } : { code, zh, en } };
}
