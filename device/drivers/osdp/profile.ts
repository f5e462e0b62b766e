// OSDP for `decode` and `encode`: every packet of a capture, of either direction, by itself. A device is talked to by the control
// unit (control-unit.ts) on a bus of its own, since each question depends on the answer before. Called by the registry.
import type { Decoder, DeviceEvent, Profile, ProfileOptions, Says } from '../driver.ts';
import { checkedOptions, oneOf, wholeNumber } from '../options.ts';
import { printedChoice, printedOption } from '../readers/printed.ts';
import { nameOfCommand, saysOfCommand } from './command-says.ts';
import { type CommandName, commandBuilders, commandOf, commandOptions, isCommandName } from './commands.ts';
import { createPacketFramer } from './framing.ts';
import { type Packet, plainFrame, scs } from './packet.ts';
import { eventOfReply, nameOfReply } from './replies.ts';
import { osdpTap } from './taps.ts';

const names = Object.keys(commandBuilders).filter(isCommandName);

export const osdp: Profile = {
  name: 'osdp',
  role: 'reader',
  baudRate: 9_600,
  modes: [],
  sites: [],
  poll: null,
  // A reply takes up to 100 ms at 9600; libosdp waits 200 ms for it.
  idleMs: 200,
  repeatMs: 300,
  commands: Object.fromEntries(names.map((name) => [name, (options: ProfileOptions) => frameOf(name, options)])),
  options: {
    address: 'address of the device, 0 to 126; 127 for whatever single device is on the line (default 0)',
    sequence: 'number of the packet, 0 to 3; 0 begins anew (default 0)',
    seq: 'the same as sequence',
    check: 'crc (default) or checksum',
    mark: 'yes (default): FF stands in front; no',
    keyType: 'challenge: 1 (default) a key of the site, 0 the key of a new device',
    printed: printedOption('none'),
    ...commandOptions,
  },
  decoder: (options) => {
    checkedOptions(osdp, options);
    printedChoice(osdp, options, 'none');
    return createDecoder(options);
  },
};

function frameOf(name: CommandName, options: ProfileOptions): Uint8Array {
  const { code, data } = commandOf(name, options);
  const keyType = wholeNumber(osdp, options, 'keyType', 0, 1, 1);
  const head = {
    address: wholeNumber(osdp, options, 'address', 0, 127, 0),
    isReply: false,
    sequence: wholeNumber(osdp, options, 'sequence', 0, 3, wholeNumber(osdp, options, 'seq', 0, 3, 0)),
    hasCrc: oneOf(osdp, options, 'check', ['crc', 'checksum'], 'crc') === 'crc',
    hasMark: oneOf(osdp, options, 'mark', ['yes', 'no'], 'yes') === 'yes',
    security: name === 'challenge' ? Uint8Array.of(scs.challenge, keyType) : null,
  };
  return plainFrame(head, code, data);
}

function createDecoder(options: ProfileOptions): Decoder {
  const framer = createPacketFramer();
  const shown = (event: DeviceEvent) =>
    event.kind === 'tap' && options.printed !== undefined ? osdpTap(event, options) : event;
  const events = (found: ReturnType<typeof framer.push>) =>
    found.map((one) => (one.kind === 'packet' ? shown(eventOf(one)) : one));
  return {
    push: (bytes) => events(framer.push(bytes)),
    idle: () => events(framer.idle()),
    held: framer.held,
  };
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0');

function eventOf(packet: Packet): DeviceEvent {
  const { code, data, security, address, sequence } = packet;
  const head: Says = {
    address,
    seq: sequence,
    ...(packet.hasCrc ? {} : { form: 'checksum' }),
    ...(security ? { scb: `SCS_${hex(security[0] ?? 0)}`, code: `0x${hex(code)}` } : {}),
  };
  // Without the session's keys the data of a sealed packet say nothing: no tap is made of them.
  if (security && security[0] === (packet.isReply ? scs.sealedReply : scs.sealedCommand)) {
    const name = packet.isReply
      ? { reply: nameOfReply(code) ?? `0x${hex(code)}` }
      : { command: nameOfCommand(code) ?? `0x${hex(code)}` };
    return { kind: 'setting', says: { ...name, ...head, encryptedBytes: data.length } };
  }
  if (!packet.isReply) return commandEvent(packet, head);
  const event = eventOfReply(code, data, head);
  // Its MAC cannot be looked at here.
  return event.kind === 'tap' && security ? { ...event, unchecked: true } : event;
}

/** What the control unit asked: no value, told so that a capture of both directions can be read. */
function commandEvent({ code, data }: Packet, head: Says): DeviceEvent {
  const command = nameOfCommand(code) ?? `0x${hex(code)}`;
  const says = saysOfCommand({ code, data });
  if (says) return { kind: 'setting', says: { command, ...head, ...says } };
  const reason = nameOfCommand(code) === null ? 'unknown-command' : 'length';
  return { kind: 'rejected', reason, alive: true, says: { command, ...head } };
}
