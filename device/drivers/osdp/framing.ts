// Cuts the bytes of an OSDP line into packets, both directions, by the bounded framer. Called by the control unit's bus and by
// the profile that `decode` uses.
import { createFramer, type Framer, type Judgement, type Rejected } from '../../framer.ts';
import { checkBytes, endsInCheck } from './check.ts';
import { control, hasMac, headBytes, macBytes, mark, type Packet, scs, startByte } from './packet.ts';

/** Replies to what is asked here stay below 100 bytes; at 9600 baud 512 take half a second. */
export const limits = { packetBytesMax: 512, packetBytesMin: headBytes + 2 } as const;

type Found = Packet | Rejected;
const more: Judgement<Found> = { is: 'more' };
const noise: Judgement<Found> = { is: 'bad', reason: 'noise', span: 1 };

export function createPacketFramer(): Framer<Found> {
  return createFramer<Found>({ frameBytesMax: limits.packetBytesMax + 1, slackBytes: 0, judge });
}

function judge(bytes: Uint8Array): Judgement<Found> {
  const markBytes = bytes[0] === mark ? 1 : 0;
  const frame = bytes.subarray(markBytes);
  if (frame.length === 0) return more;
  if (frame[0] !== startByte) return noise;
  if (frame.length < headBytes) return more;
  const length = (frame[2] ?? 0) + (frame[3] ?? 0) * 256;
  const flags = frame[4] ?? 0;
  if (length < limits.packetBytesMin || length > limits.packetBytesMax) return noise;
  if ((flags & control.reserved) !== 0) return noise;
  if (frame.length < length) return more;
  const hasCrc = (flags & control.crc) !== 0;
  const whole = frame.subarray(0, length);
  if (!endsInCheck(whole, hasCrc)) return { is: 'bad', reason: 'checksum', span: markBytes + length };
  const body = whole.slice(0, length - checkBytes(hasCrc));
  return { is: 'frame', length: markBytes + length, event: packetOf(body, hasCrc, markBytes === 1) };
}

/** `body`: from the start byte to what stands before the check, which was right. */
function packetOf(body: Uint8Array, hasCrc: boolean, hasMark: boolean): Found {
  const [, to = 0, , , flags = 0] = body;
  const isReply = to >= 0x80;
  const blockBytes = flags & control.security ? (body[headBytes] ?? 0) : 0;
  const security = blockBytes > 0 ? body.subarray(headBytes + 1, headBytes + blockBytes) : null;
  const isBlockKnown = (flags & control.security) === 0 || (security !== null && isKnown(security, isReply));
  if (!isBlockKnown) return { kind: 'rejected', reason: 'security-block', alive: true };
  const codeAt = headBytes + blockBytes;
  const dataEnd = body.length - (hasMac(security) ? macBytes : 0);
  const code = body[codeAt];
  if (code === undefined || codeAt >= dataEnd) return { kind: 'rejected', reason: 'length', alive: true };
  return {
    kind: 'packet',
    address: to & 0x7f,
    isReply,
    sequence: flags & control.sequence,
    hasCrc,
    hasMark,
    security,
    code,
    data: body.subarray(codeAt + 1, dataEnd),
    mac: hasMac(security) ? { covered: body.subarray(0, dataEnd), bytes: body.subarray(dataEnd) } : null,
  };
}

/** Odd types are commands, even ones replies. */
function isKnown(security: Uint8Array, isReply: boolean): boolean {
  const type = security[0] ?? 0;
  return type >= scs.challenge && type <= scs.sealedReply && (type % 2 === 0) === isReply;
}
