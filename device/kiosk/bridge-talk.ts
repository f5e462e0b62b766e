// What the kiosk asks its bridge over loopback: whether the page is heard, and whether everything of it lies at the hub. Called by kiosk.
import { request } from 'node:http';
import * as z from 'zod/mini';
import type { Standing } from './stamp.ts';
import type { Heard } from './watch.ts';

export const limits = { healthMs: 2_000, settleMs: 120_000, answerBytes: 65_536 } as const;

const standing = z.object({ unsent: z.nullable(z.number()), unjournaled: z.number() });
const health = z.object({
  page: z.object({ connected: z.boolean(), lastHeardMs: z.nullable(z.number()), unjournaled: z.number() }),
});

export type BridgeTalk = {
  /** null when the bridge does not answer within 2 s or says something else. */
  health(): Promise<(NonNullable<Heard> & { unjournaled: number }) | null>;
  /** Has the bridge bring what its journal holds of the pages to the hub; null when it does not answer. */
  settle(): Promise<Standing | null>;
};

export function bridgeAt(port: number): BridgeTalk {
  return {
    health: async () => {
      const read = health.safeParse(await ask(port, 'GET', '/healthz', limits.healthMs));
      return read.success ? read.data.page : null;
    },
    settle: async () => {
      const read = standing.safeParse(await ask(port, 'POST', '/kiosk/settle', limits.settleMs));
      return read.success ? read.data : null;
    },
  };
}

/** The answer's JSON; undefined for any other, a late one, or none. */
function ask(port: number, method: 'GET' | 'POST', path: string, withinMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const authority = port === 80 ? 'localhost' : `localhost:${port}`;
    const asked = request({
      ...{ host: '127.0.0.1', port, method, path, agent: false },
      headers: { Host: authority, Origin: `http://${authority}`, 'Content-Length': 0 },
      signal: AbortSignal.timeout(withinMs),
    });
    asked.once('error', () => resolve(undefined));
    asked.once('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
        if (text.length > limits.answerBytes) asked.destroy();
      });
      answer.once('close', () => resolve(answer.complete && answer.statusCode === 200 ? jsonOf(text) : undefined));
    });
    asked.end();
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
