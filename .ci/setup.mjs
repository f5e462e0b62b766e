// Makes sure that the tests' system packages are here: Chromium, socat and a CJK font, from Debian's packages.
// Installs them where it may (root, or sudo without a password), otherwise names them and stops. Called by .ci/test.mjs.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;
const hasCjkFont = () => {
  const fonts = spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' });
  return fonts.status === 0 && fonts.stdout.trim() !== '';
};

export function missingPackages() {
  const missing = [];
  if (!existsSync(process.env.CHROMIUM || '/usr/bin/chromium')) missing.push('chromium');
  if (!has('socat')) missing.push('socat');
  if (!hasCjkFont()) missing.push('fonts-noto-cjk', 'fontconfig');
  return missing;
}

/** Wanted by single tests, which are skipped by name without them; without the headless shell the tests take longer. */
const optionalPackages = [
  { name: 'chromium-headless-shell', isHere: () => existsSync('/usr/bin/chromium-headless-shell') },
  { name: 'postgresql', isHere: () => existsSync('/usr/lib/postgresql') },
  { name: 'mbpoll', isHere: () => has('mbpoll') },
];

/** Installs what may be missing where that is allowed without a question; never stops the tests. */
export function offerOptionalPackages() {
  const missing = optionalPackages.filter(({ isHere }) => !isHere()).map(({ name }) => name);
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { stdio: 'ignore', env };
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing];
  const done =
    has('apt-get') &&
    process.getuid?.() === 0 &&
    spawnSync('apt-get', ['update', '-qq'], quiet).status === 0 &&
    spawnSync(install[0], install.slice(1), quiet).status === 0;
  if (!done)
    console.log(
      `没有 ${missing.join(' ')}，相关测试将跳过或变慢 · without ${missing.join(' ')}: its tests are skipped or take longer`,
    );
}

/** Installs what is missing; exits with 3 and one clear sentence where that is not allowed. */
export function ensurePackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const list = missing.join(' ');
  const asRoot = process.getuid?.() === 0;
  const sudo = !asRoot && has('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  if (has('apt-get') && (asRoot || sudo)) {
    console.log(`正在安装测试所需的系统软件包 · installing system packages for the tests: ${list}`);
    const run = (...args) =>
      execFileSync(sudo ? 'sudo' : args[0], sudo ? ['-n', ...args] : args.slice(1), {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    try {
      run('apt-get', 'update', '-qq');
      run('apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...missing);
    } catch (error) {
      console.error(`apt-get: ${error instanceof Error ? error.message : error}`);
    }
  }
  const still = missingPackages();
  if (still.length === 0) return;
  console.error(
    `测试需要这些系统软件包，请管理员先安装，然后再运行测试：\n  sudo apt-get install ${still.join(' ')}\n` +
      `The tests need these system packages; have an administrator install them, then run the tests again:\n  sudo apt-get install ${still.join(' ')}`,
  );
  process.exit(3);
}
