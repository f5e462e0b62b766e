// What `--import-rescue` says, Chinese first; each tells what to do. Called by cli-rescue.ts.
import type { Imported, ImportRefusal } from './rescue-import.ts';

export const rescueTexts = {
  done: (d: Imported) =>
    `站点 ${d.station} 的抢救文件已导入：共 ${d.entries} 条，新存 ${d.stored}，已有 ${d.duplicate}，冲突 ${d.conflict}，搁置 ${d['set-aside']}。 The rescue of station ${d.station} is imported: ${d.entries} entries, ${d.stored} stored, ${d.duplicate} known, ${d.conflict} in conflict, ${d['set-aside']} set aside.`,
  unsigned: (count: number) =>
    `其中 ${count} 条没有有效签名，已登记；审计时这些记录只有链，没有站点签名。 ${count} of them carry no good signature and are marked so: an audit finds their chain, but no signature of the station.`,
  damaged: (count: number) =>
    `站点本机备份中有 ${count} 处损坏，不在文件中；请保留原盘。 ${count} places of the station's journal were damaged and are not in the file: keep its disk.`,
  refused: ({ why, detail }: ImportRefusal, path: string) => {
    switch (why) {
      case 'missing':
        return `读不到 ${path}（${detail}），请检查路径。 ${path} cannot be read (${detail}): check the path.`;
      case 'unreadable':
        return `${path} 不完整或已损坏（${detail}），未导入任何记录；请从站点重新导出。 ${path} is cut or damaged (${detail}) and nothing was imported: rescue it from the station again.`;
      case 'station-unknown':
        return `总台没有站点 ${detail}，未导入任何记录；请先恢复或登记该站点。 This hub has no station ${detail} and nothing was imported: restore the hub or enrol the station first.`;
      default:
        return why satisfies never;
    }
  },
} as const;
