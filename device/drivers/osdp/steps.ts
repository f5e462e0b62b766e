// The protocol of a control unit towards one device, as a table: in each state what is sent, whether a reply is fine, and where
// it goes from there. Called by the control unit; in the manner of libosdp.
import { codes } from './commands.ts';
import { type Packet, scs } from './packet.ts';
import { nak, replyCodes } from './replies.ts';
import type { SecureChannel } from './secure-channel.ts';

export type State = 'identify' | 'capabilities' | 'challenge' | 'cryptogram' | 'online';

export type Sent = { code: number; data: Uint8Array; security: Uint8Array | null };
/** A reply in the clear. */
export type Reply = { packet: Packet; code: number; data: Uint8Array };

export type Session = {
  /** Null for a device that is talked to in the clear. */
  channel: SecureChannel | null;
  /** The cryptogram that proved the key to us answered this one. */
  serverCryptogram: Uint8Array | null;
};

type Step = {
  send(session: Session): Sent;
  isFine(reply: Reply, session: Session): boolean;
  next(session: Session): State;
  /** Why the device is given up, for now, when the reply is not fine. */
  otherwise: string;
  /** Giving up because of the key or the channel waits longer: trying again at once helps nobody. */
  isSecurity: boolean;
};

const plain = (code: number, ...data: number[]): Sent => ({ code, data: Uint8Array.from(data), security: null });
const isRefused = ({ code, data }: Reply, why: number) => code === replyCodes.nak && data[0] === why;
const block = (type: number, session: Session) => Uint8Array.of(type, session.channel?.keyType ?? 0);

export const steps: Readonly<Record<State, Step>> = {
  identify: {
    send: () => plain(codes.id, 0),
    isFine: ({ code, data }) => code === replyCodes.id && data.length === 12,
    next: () => 'capabilities',
    otherwise: 'not-identified',
    isSecurity: false,
  },
  capabilities: {
    send: () => plain(codes.capabilities, 0),
    // Old devices do not know the question.
    isFine: (reply) => reply.code === replyCodes.capabilities || isRefused(reply, nak.unknown),
    next: ({ channel }) => (channel ? 'challenge' : 'online'),
    otherwise: 'no-capabilities',
    isSecurity: false,
  },
  challenge: {
    send: (session) => ({
      code: codes.challenge,
      data: session.channel?.challenge ?? new Uint8Array(0),
      security: block(scs.challenge, session),
    }),
    isFine: ({ packet, code, data }, session) => {
      if (code !== replyCodes.clientCryptogram || packet.security?.[0] !== scs.clientCryptogram) return false;
      session.serverCryptogram = session.channel?.answerTo(data) ?? null;
      return session.serverCryptogram !== null;
    },
    next: () => 'cryptogram',
    otherwise: 'key-refused',
    isSecurity: true,
  },
  cryptogram: {
    send: (session) => ({
      code: codes['server-cryptogram'],
      data: session.serverCryptogram ?? new Uint8Array(0),
      security: block(scs.serverCryptogram, session),
    }),
    isFine: ({ packet, code }, { channel }) => code === replyCodes.initialMac && channel?.begins(packet) === true,
    next: () => 'online',
    otherwise: 'key-refused',
    isSecurity: true,
  },
  online: {
    send: () => plain(codes.poll),
    // Whatever it says while it is polled is news; what ends the session is looked at before.
    isFine: () => true,
    next: () => 'online',
    otherwise: 'lost',
    isSecurity: false,
  },
};
