// The play tool without its process: a played device on a port, its faults as switches, commands as lines of JSON, news as lines of
// JSON. Called by play.ts and tests.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import { profileOf } from '../drivers/index.ts';
import { createNamedTimers } from '../named-timers.ts';
import { PortError } from '../port-error.ts';
import type { OpenPort } from '../ports.ts';
import type { Cable } from '../simulator/cable.ts';
import { createBadInstrument } from '../simulator/players/bad-instrument.ts';
import { createPlayedDevice, type PlayedNews, playedBaud, playedTogether } from '../simulator/players/played-device.ts';
import { portCable } from '../simulator/port-cable.ts';
import { hasSocat, ptyCable } from '../simulator/pty-cable.ts';
import { createWire, type SentFrame } from '../simulator/wire.ts';
import { playTexts } from '../texts-play.ts';
import { type PlayArguments, playArguments } from './play-arguments.ts';
import { commandOfLine, limits as lineLimits, type PlayCommand } from './play-lines.ts';
import { boundedLines } from './rehearse-lines.ts';
import { type Output, runTool, UsageError } from './tool-arguments.ts';

/** How long an unplugged cable stays out; how often a card comes when nobody says; who stands there when nobody says. */
export const limits = { unpluggedMs: 1_000, cardHz: 0.5, tempCenti: 3_650 } as const;

export type PlayToolOptions = {
  argv: readonly string[];
  input: AsyncIterable<Uint8Array>;
  output: Output;
  errors: { write(text: string): unknown };
  openPort: OpenPort;
  clock: Clock;
  /** Numbers in [0, 1) from a seed. */
  randomOf(seed: number): () => number;
  /** The seed when none is given. */
  anySeed(): number;
  wallMs(): number;
  /** Resolves when the tool is to end; the end of the input does not end it. */
  stopped: Promise<void>;
  onFrame?(sent: SentFrame): void;
};

/** The exit code: 0 after `stopped` or `--count`, or 2 with one sentence for what cannot be. */
export function playTool(options: PlayToolOptions): Promise<number> {
  return runTool(options.errors, async () => {
    const args = playArguments(options.argv);
    const print = (news: PlayedNews) => options.output.write(`${JSON.stringify(news)}\n`);
    let fail: (error: Error) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => {
      fail = reject;
    });
    // Not waited for when the tool ends by itself first.
    failed.catch(() => undefined);
    const place = await openPlace(args, options, () => fail(new UsageError(playTexts.portGone(args.place.path))));
    try {
      await play(args, place.cable, options, print, failed);
    } finally {
      await place.close();
    }
  });
}

type Place = { cable: Cable; close(): Promise<void> };

async function openPlace(
  { profile, place }: PlayArguments,
  options: PlayToolOptions,
  onGone: () => void,
): Promise<Place> {
  const { path } = place;
  if (place.is === 'path') {
    try {
      const cable = await portCable(path, playedBaud(profile), options.openPort, onGone);
      return { cable, close: cable.close };
    } catch (error) {
      if (!(error instanceof PortError)) throw error;
      const { trouble } = error;
      throw new UsageError(trouble === 'absent' ? playTexts.noPort(path) : playTexts.portTrouble(path, trouble));
    }
  }
  const link = resolve(path);
  if (path === '' || !existsSync(dirname(link))) throw new UsageError(playTexts.linkFolder(path));
  if (existsSync(link)) throw new UsageError(playTexts.linkTaken(path));
  if (!hasSocat()) throw new UsageError(playTexts.noSocat);
  // A socket's path has at most about 100 characters: it lies elsewhere.
  const sockets = mkdtempSync(join(tmpdir(), 'mengang-play-'));
  const removeSockets = () => rmSync(sockets, { recursive: true, force: true });
  try {
    const cable = await ptyCable(dirname(link), basename(link), sockets);
    return {
      cable,
      close: async () => {
        await cable.close();
        removeSockets();
      },
    };
  } catch (error) {
    removeSockets();
    throw error;
  }
}

async function play(
  args: PlayArguments,
  cable: Cable,
  options: PlayToolOptions,
  print: (news: PlayedNews) => void,
  failed: Promise<never>,
): Promise<void> {
  const { clock } = options;
  const { role } = profileOf(args.profile);
  const baudRate = playedBaud(args.profile);
  const seed = args.seed ?? options.anySeed();
  const random = options.randomOf(seed);
  const timers = createNamedTimers(clock);
  let isMute = false;
  let presented = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((done) => {
    finish = done;
  });

  const wire = createWire({
    together: playedTogether(args.profile),
    ...{ baudRate, clock, random, faults: args.wire },
    write: (bytes) => cable.write(bytes),
    onFrame: (sent) => {
      options.onFrame?.(sent);
      if (sent.fault !== null) print({ kind: 'fault', frame: sent.number, fault: sent.fault });
    },
  });
  const instrument = createBadInstrument(clock.nowMs, args.badness);
  const countFrames = () => {
    if (args.count !== null && wire.counts().frames >= args.count) finish();
  };
  const device = createPlayedDevice(args.profile, {
    ...{ clock, random, wallMs: options.wallMs, address: args.address, scbk: args.scbk, rateHz: args.rateHz },
    write: (frame) => {
      const isOver = args.count !== null && role !== 'reader' && wire.counts().frames >= args.count;
      if (isMute || isOver) return;
      wire.send(frame);
      if (role !== 'reader') countFrames();
    },
    ambientCenti: Math.round(args.ambientC * 100),
    noiseCenti: Math.round(args.jitterC * 100),
    bend: instrument.bend,
    onNews: print,
  });
  if (!device) throw new Error(`nobody plays ${args.profile}`);

  const present = (card: string) => {
    device.present(card);
    presented += 1;
  };
  const presentAgain = (card: string) => {
    timers.after('card', 1_000 / (args.rateHz ?? limits.cardHz), () => {
      if (args.count !== null && presented >= args.count) return finish();
      presentAgain(card);
    });
    present(card);
  };
  const unplugAgain = (everyMs: number) => {
    timers.after('unplug', everyMs, () => {
      act({ plugged: false });
      timers.after('replug', limits.unpluggedMs, () => act({ plugged: true }));
      unplugAgain(everyMs);
    });
  };
  const act = (command: PlayCommand) => {
    if (command.tempCenti !== undefined) device.show(command.tempCenti);
    if (command.card !== undefined) present(command.card);
    if (command.keys !== undefined) device.keys(command.keys);
    if (command.wire) wire.faults = { ...wire.faults, ...command.wire };
    if (command.badness) instrument.set(command.badness);
    isMute = command.mute ?? isMute;
    if (command.plugged !== undefined) plug(command.plugged);
  };
  let plugFailed: (error: unknown) => void = () => undefined;
  const plugging = new Promise<never>((_, reject) => {
    plugFailed = reject;
  });
  plugging.catch(() => undefined);
  const plug = (plugged: boolean) => {
    cable.plug(plugged).then(
      () => print({ kind: 'cable', plugged }),
      (error: unknown) => plugFailed(error instanceof PortError ? new UsageError(playTexts.noPort(cable.path)) : error),
    );
  };
  const read = async () => {
    let line = 0;
    for await (const part of boundedLines(options.input, lineLimits.lineBytes)) {
      line += 1;
      try {
        if ('tooLong' in part) throw new UsageError(playTexts.tooLong(lineLimits.lineBytes));
        if (part.text.trim() !== '') act(commandOfLine(part.text, args.profile));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        print({ kind: 'error', line, message: error.message });
      }
    }
  };

  cable.onData((bytes) => device.receive(bytes));
  if (role === 'thermometer') device.show(args.tempC === null ? limits.tempCenti : Math.round(args.tempC * 100));
  print({ kind: 'ready', profile: args.profile, path: cable.path, baudRate, seed });
  device.start();
  if (args.card !== null) presentAgain(args.card);
  if (args.freezeAfterS !== null)
    timers.after('freeze', args.freezeAfterS * 1_000, () => instrument.set({ frozen: true }));
  if (args.muteAfterS !== null) timers.after('mute', args.muteAfterS * 1_000, () => act({ mute: true }));
  if (args.unplugEveryS !== null) unplugAgain(args.unplugEveryS * 1_000);
  try {
    // The end of the input leaves the device playing; a mistake in reading it ends the tool.
    await Promise.race([options.stopped, finished, failed, plugging, read().then(() => new Promise(() => undefined))]);
    await Promise.race([wire.quiet(), options.stopped]);
    print({ kind: 'end', ...wire.counts() });
  } finally {
    timers.close();
    device.stop();
    wire.close();
  }
}
