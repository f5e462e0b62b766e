// A refusal as every process gives it: a code and one sentence in both languages. Called by http and its forwarder.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ErrorAnswer } from '../src/contracts/upload.ts';
import type { Sentence } from './texts.ts';

export function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  sentence: Sentence,
  headers: OutgoingHttpHeaders = {},
): void {
  const answer: ErrorAnswer = { error: { code, ...sentence } };
  const body = Buffer.from(JSON.stringify(answer));
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(body);
}
