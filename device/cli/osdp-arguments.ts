// Reads the command line of the osdp tool; what is wrong is a UsageError with one sentence. Called by osdp-tool.
import { parseArgs } from 'node:util';
import { bauds } from '../drivers/osdp/commands.ts';
import { keyBytes } from '../drivers/osdp/secure-channel.ts';
import { limits } from '../osdp-bus.ts';
import { cliTexts } from '../texts-cli.ts';
import { osdpToolTexts } from '../texts-osdp.ts';
import { UsageError } from './tool-arguments.ts';

export type OsdpArguments = {
  path: string;
  addresses: readonly number[];
  baudRate: number;
  key: Uint8Array | null;
  hasCrc: boolean;
};

const broadcast = 127;

export function osdpArguments(argv: readonly string[]): OsdpArguments {
  const { path, address = [], baud = '9600', scbk, check = 'crc' } = parsed(argv);
  if (path === undefined || path === '') throw new UsageError(osdpToolTexts.missing('--path', osdpToolTexts.usage));
  if (address.length === 0) throw new UsageError(osdpToolTexts.missing('--address', osdpToolTexts.usage));
  const addresses = address.map((text) => {
    if (!/^\d{1,3}$/.test(text) || Number(text) > broadcast) {
      throw new UsageError(osdpToolTexts.notWhole('--address', text, 0, broadcast));
    }
    return Number(text);
  });
  if (new Set(addresses).size < addresses.length) throw new UsageError(osdpToolTexts.addressTwice);
  if (addresses.length > limits.unitsMax) throw new UsageError(osdpToolTexts.tooMany(limits.unitsMax));
  if (addresses.length > 1 && addresses.includes(broadcast)) throw new UsageError(osdpToolTexts.broadcastAlone);
  if (!bauds.some((one) => one === baud)) throw new UsageError(osdpToolTexts.notOneOf('--baud', baud, bauds));
  const checks = ['crc', 'checksum'];
  if (!checks.includes(check)) throw new UsageError(osdpToolTexts.notOneOf('--check', check, checks));
  return { path, addresses, baudRate: Number(baud), key: keyOf(scbk), hasCrc: check === 'crc' };
}

function keyOf(scbk: string | undefined): Uint8Array | null {
  if (scbk === undefined) return null;
  if (!/^[0-9A-Fa-f]+$/.test(scbk) || scbk.length !== keyBytes * 2) throw new UsageError(osdpToolTexts.badKey);
  return Uint8Array.from(Buffer.from(scbk, 'hex'));
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        path: { type: 'string' },
        address: { type: 'string', multiple: true },
        baud: { type: 'string' },
        scbk: { type: 'string' },
        check: { type: 'string' },
      },
    }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(cliTexts.badArguments(error.message.split('\n')[0] ?? '', osdpToolTexts.usage));
  }
}
