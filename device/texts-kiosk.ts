// What the page's launcher says to the people who install and run it, Chinese and English; each says what to do. Called by device/kiosk.
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const kioskTexts = {
  usage: () =>
    both(
      '用法：npm run kiosk -- (--config gate.config.json | --port 7411 --state 目录) [--browser /usr/bin/chromium] [--flag=--参数]... [--accept-change]。',
      'Usage: npm run kiosk -- (--config gate.config.json | --port 7411 --state FOLDER) [--browser /usr/bin/chromium] [--flag=--SWITCH]... [--accept-change].',
    ),
  ready: (url: string) => both(`页面程序已启动，地址 ${url}`, `The kiosk is up for ${url}`),
  stopped: () => both('页面程序已停止。', 'The kiosk has stopped.'),
  locked: (dir: string, pid: number) =>
    both(
      `目录 ${dir} 正被另一个页面程序（进程 ${pid}）使用，请先关闭它。`,
      `The folder ${dir} is in use by another kiosk (process ${pid}): stop it first.`,
    ),
  unusable: (dir: string, reason: string) =>
    both(
      `目录 ${dir} 无法使用（${reason}），请检查磁盘和权限。`,
      `The folder ${dir} cannot be used (${reason}): check the disk and its permissions.`,
    ),
  noBrowser: (reason: string) =>
    both(
      `Chromium 无法运行（${reason}），请安装（apt install chromium）或用 --browser 指明路径。`,
      `Chromium cannot be run (${reason}): install it (apt install chromium), or name it by --browser.`,
    ),
  torn: (path: string, bytes: number) =>
    both(
      `页面数据库 ${path} 末尾有 ${bytes} 字节未写完（断电或强制结束），已截去并另存，无需处理。`,
      `The page's log ${path} ended in ${bytes} unfinished bytes (power cut or kill); they were cut off and kept aside: nothing to do.`,
    ),
  damaged: (path: string) =>
    both(
      `页面数据库 ${path} 中间有损坏，未作改动；缺少的记录会从本机备份取回，请检查磁盘。`,
      `The page's log ${path} is damaged further up and was left as it is; what is missing comes back from the journal: check the disk.`,
    ),
  silent: () =>
    both(
      '页面已停止响应，正在重新启动；反复出现请联系维护人员。',
      'The page has stopped answering and is started anew; call the maintainer when this repeats.',
    ),
  tooMany: (minutes: number) =>
    both(
      `一小时内重启过多，${minutes} 分钟后再试；请查看日志，并按人工流程放行。`,
      `Too many starts within an hour, the next comes in ${minutes} min: look at the log, and open the barrier by hand meanwhile.`,
    ),
  changed: {
    version: (was: string, now: string) =>
      both(`Chromium 版本已由 ${was} 变为 ${now}`, `Chromium has changed from ${was} to ${now}`),
    flags: () => both('Chromium 的启动参数已改变', "Chromium's flags have changed"),
    unknown: () =>
      both('不知道这个页面数据上次由哪个版本打开', 'it is not known which Chromium opened this profile last'),
  },
  doubts: {
    'bridge-away': () =>
      both(
        '设备盒没有应答，无法得知是否还有未上传的记录。请先启动设备盒再试',
        'the bridge does not answer, so nobody knows what is unsent. Start the bridge and try again',
      ),
    'hub-away': () =>
      both(
        '总台连不上，无法确认记录已全部上传。请恢复网络后再试',
        'the hub cannot be reached, so nobody knows what is unsent. Bring the network back and try again',
      ),
    unsent: (count: number) =>
      both(
        `还有 ${count} 条记录没有上传。请查看设备盒日志`,
        `${count} entries have not reached the hub. Look at the bridge's log`,
      ),
    alone: () => both('页面里可能有设备盒还没有的记录', 'the page may hold entries that the bridge does not have yet'),
  },
  refused: (changed: Sentence, doubt: Sentence) =>
    both(
      `${changed.zh}，而${doubt.zh}；或装回原来的版本和参数，等门岗页面的待上传数为 0 后停止本程序，再更换。实在要换：--accept-change（先另存页面数据，缺少的从本机备份取回）。页面没有启动。`,
      `${changed.en}, and ${doubt.en}; or put the former version and flags back, wait until the gate shows nothing to upload, stop this program, and change then. To change all the same: --accept-change (keeps a copy; what is missing comes back from the journal). The page was not started.`,
    ),
  accepted: (kept: string | null) =>
    both(
      `已按要求更换 Chromium；页面数据${kept === null ? '原来为空' : `另存于 ${kept}`}。`,
      `Changed as ordered; the page's databases ${kept === null ? 'were empty' : `are kept in ${kept}`}.`,
    ),
  badPort: () => both('--port 应为 1 到 65535 的整数。', '--port is a whole number from 1 to 65535; correct it.'),
} as const;
