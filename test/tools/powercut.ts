// `npm run powercut -- --rounds N [--seed S]`: a whole campus on a loop-mounted ext4 that is shut down under it without writing
// anything back, then checked, mounted and started twice. Needs root and loop devices; says so and ends with 77 where it may not.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runKills } from './kills.ts';
import { numberArgument } from './seeded.ts';

/** `skipped`: the exit code by which test runners know what could not run here. */
const limits = { imageMib: 4_096, unmountTries: 100, unmountWaitMs: 100, skipped: 77 } as const;

/** EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32), with EXT4_GOING_FLAGS_NOLOGFLUSH: not even the file system's journal is flushed. */
const shutdownProgram =
  'open(my $f, "<", $ARGV[0]) or die "open: $!\\n"; my $how = pack("L", 2); defined(ioctl($f, 0x8004587d, $how)) or die "ioctl: $!\\n";';

/** Runs a program of the system; its last words when it failed with more than `worst`. */
function run(command: string, args: string[], worst = 0): string | null {
  const done = spawnSync(command, args, { encoding: 'utf8' });
  if (done.error !== undefined) return done.error.message;
  return done.status !== null && done.status <= worst ? null : `${command}: ${done.stderr || done.stdout}`.trim();
}

function must(command: string, args: string[], worst = 0): void {
  const failed = run(command, args, worst);
  if (failed !== null) throw new Error(failed);
}

const work = mkdtempSync(join(tmpdir(), 'mengang-powercut-'));
chmodSync(work, 0o755); // as root the database runs as its own user, who must reach its data
const image = join(work, 'disk.img');
const mount = join(work, 'disk');

function prepare(): string | null {
  if (process.getuid?.() !== 0) return 'root is needed';
  return (
    run('truncate', ['-s', `${limits.imageMib}M`, image]) ??
    run('mkfs.ext4', ['-q', '-F', image]) ??
    run('mkdir', ['-p', mount]) ??
    run('mount', ['-o', 'loop', image, mount]) ??
    run('perl', ['-e', '1'])
  );
}

/** Programs that still hold a file or folder of the mount, for the message. */
function holders(): string[] {
  const linkOf = (path: string) => {
    try {
      return readlinkSync(path);
    } catch {
      // Gone meanwhile, or a thread of the kernel: not a holder.
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((pid) => {
      if (!/^\d+$/.test(pid) || linkOf(`/proc/${pid}/exe`) === '') return false;
      const files = ['cwd', 'root', ...readdirSync(`/proc/${pid}/fd`).map((fd) => `fd/${fd}`)];
      return files.some((one) => linkOf(`/proc/${pid}/${one}`).startsWith(mount));
    })
    .map((pid) => `${pid} ${linkOf(`/proc/${pid}/exe`)}`);
}

async function unmount(): Promise<void> {
  for (let tries = 1; ; tries++) {
    const failed = run('umount', [mount]);
    if (failed === null) return;
    if (tries >= limits.unmountTries) throw new Error(`${failed}; held by ${holders().join(', ')}`);
    await sleep(limits.unmountWaitMs);
  }
}

const rounds = numberArgument('rounds', 10);
const seed = numberArgument('seed', Date.now() % 1_000_000);
const hindrance = prepare();
if (hindrance !== null) {
  run('umount', [mount]);
  rmSync(work, { recursive: true, force: true });
  console.log(
    `断电试验在本机不能进行（${hindrance}） · the power cut cannot be tried on this machine (${hindrance}): skipped`,
  );
  console.log(JSON.stringify({ skipped: hindrance }));
  process.exit(limits.skipped);
}
process.env.TMPDIR = mount;
let isGood = false;
try {
  isGood = await runKills({
    victims: ['power'],
    rounds,
    seed,
    // What was set up for the test itself must survive the first cut: the roster, the ports' names, the settings.
    onReady: () => must('sync', ['-f', mount]),
    async cutPower(_campus, killAll) {
      must('perl', ['-e', shutdownProgram, mount]);
      await killAll();
      await unmount();
      // 1: mended on the way, as after every cut.
      must('e2fsck', ['-f', '-p', image], 1);
      must('mount', ['-o', 'loop', image, mount]);
    },
  });
} finally {
  await unmount();
  rmSync(work, { recursive: true, force: true });
}
process.exit(isGood ? 0 : 1);
