// What `--rescue` says, Chinese first. Called by rescue.
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const rescueTexts = {
  done: (path: string, entries: number, writers: number) =>
    both(
      `已导出 ${entries} 条未回执的记录（${writers} 个写入者）到 ${path}；请带到总台运行 npm run hub -- --import-rescue 文件。其中含体温，请妥善保管。`,
      `${entries} entries without a receipt (${writers} writers) are in ${path}: carry it to the hub and run npm run hub -- --import-rescue FILE. It holds temperatures: keep it safe.`,
    ),
  bridgeRuns: (pid: number) =>
    both(
      `设备盒（进程 ${pid}）正在运行，未导出；请先停止它。能联网时它会自行上传，无需导出。`,
      `The bridge (process ${pid}) is running and nothing was written: stop it first. With a network it uploads by itself and needs no rescue.`,
    ),
  noJournal: (dir: string) =>
    both(
      `找不到本机备份 ${dir}，请检查配置中的 stateDir。`,
      `There is no journal at ${dir}: check stateDir in the configuration.`,
    ),
  unsigned: () =>
    both(
      '数据目录中没有站点密钥，导出的记录没有签名；总台导入时会注明。',
      'The state folder has no station key, so the entries are not signed; the hub marks them when it imports.',
    ),
  damaged: (count: number) =>
    both(
      `本机备份中有 ${count} 处已损坏，未能导出；请保留原盘，联系维护人员。`,
      `${count} places of the journal are damaged and are not in the file: keep the disk and call the maintainer.`,
    ),
  notWritten: (path: string, code: string) =>
    both(
      `导出文件 ${path} 写不成（${code}），请检查磁盘空间和权限。`,
      `The file ${path} could not be written (${code}): check space and permissions.`,
    ),
} as const;
