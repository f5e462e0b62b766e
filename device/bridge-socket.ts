// The door of /device: own host, own origin, the page's cookie, one page at a time, dead ones dropped. Called by bridge.
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { limits as stream } from '../src/contracts/device-stream.ts';
import { closeCodes, type PageLink } from './bridge-page.ts';
import type { Clock, Timer } from './clock.ts';
import type { Doors } from './http-doors.ts';
import type { Log } from './log.ts';

export const limits = {
  heartbeatMs: 5_000,
  /** How long the first page has to answer when a second one knocks. */
  challengeMs: 1_000,
} as const;

export type SocketParts = {
  doors: Doors;
  clock: Clock;
  log: Log;
  serve: (socket: WebSocket) => PageLink;
  onPage: (connected: boolean) => void;
};

export type PageSocket = {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The page that is connected, if any. */
  page(): PageLink | null;
  /** Milliseconds since a page last said something; its browser's own pongs do not count. null: never yet. */
  lastHeardMs(): number | null;
  stop(): void;
};

type Current = { socket: WebSocket; link: PageLink; isAlive: boolean };

export function createPageSocket(parts: SocketParts): PageSocket {
  const { doors, clock, log } = parts;
  const server = new WebSocketServer({ noServer: true, maxPayload: stream.messageBytes, perMessageDeflate: false });
  let current: Current | null = null;
  let beat: Timer | null = null;
  let heardAtMs: number | null = null;

  const take = (socket: WebSocket): void => {
    const mine: Current = { socket, link: parts.serve(socket), isAlive: true };
    current = mine;
    parts.onPage(true);
    socket.on('message', () => {
      heardAtMs = clock.nowMs();
    });
    socket.on('pong', () => {
      mine.isAlive = true;
    });
    socket.once('close', () => {
      if (current !== mine) return;
      current = null;
      parts.onPage(false);
    });
  };

  /** A second page waits until the first has answered a ping, or has not. */
  const challenge = (first: Current, second: WebSocket): void => {
    const done = (answered: boolean): void => {
      clock.clearTimer(timer);
      first.socket.off('pong', onPong);
      first.socket.off('close', onClose);
      if (second.readyState !== second.OPEN) return;
      if (!answered && first.socket.readyState === first.socket.OPEN) {
        log.warn({ event: 'dead-page-dropped' });
        first.socket.terminate();
      }
      // The close event of a terminated socket comes later; the place is free from now on.
      if (!answered && current === first) current = null;
      if (current === null) {
        take(second);
        return;
      }
      log.warn({ event: 'second-page' });
      second.close(closeCodes.secondPage, 'another page is open');
    };
    const onPong = (): void => done(true);
    const onClose = (): void => done(false);
    const timer = clock.setTimer(() => done(false), limits.challengeMs);
    first.socket.once('pong', onPong);
    first.socket.once('close', onClose);
    first.socket.ping();
  };

  const heartbeat = (): void => {
    if (current !== null) {
      if (!current.isAlive) {
        log.warn({ event: 'dead-page-dropped' });
        current.socket.terminate();
      } else {
        current.isAlive = false;
        current.socket.ping();
      }
    }
    beat = clock.setTimer(heartbeat, limits.heartbeatMs);
  };
  beat = clock.setTimer(heartbeat, limits.heartbeatMs);

  return {
    upgrade: (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const { headers } = request;
      if (doors.hostOf(headers) !== 'own') return refuse(socket, 421);
      if ((request.url ?? '').split('?')[0] !== '/device') return refuse(socket, 404);
      if (!doors.hasOwnOrigin(headers) || doors.isCrossSite(headers)) return refuse(socket, 403);
      if (!doors.hasCookie(headers)) return refuse(socket, 403);
      server.handleUpgrade(request, socket, head, (opened) => {
        opened.on('error', (error) => log.warn({ event: 'page-error', reason: error.message }));
        if (current === null) take(opened);
        else challenge(current, opened);
      });
    },
    page: () => current?.link ?? null,
    lastHeardMs: () => (heardAtMs === null ? null : Math.round(clock.nowMs() - heardAtMs)),
    stop: () => {
      if (beat !== null) clock.clearTimer(beat);
      for (const client of server.clients) {
        client.close(closeCodes.stopping, 'the bridge stops');
        client.terminate();
      }
      server.close();
    },
  };
}

function refuse(socket: Duplex, status: 403 | 404 | 421): void {
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Connection: close', 'Content-Length: 0'];
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
}
