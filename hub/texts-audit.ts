// Every sentence of the export and the audit, Chinese and English, for people who are no technicians. Called by their programs.
import type { AuditFault, AuditReport } from './audit-report.ts';

const whereOf = ({ writer, seq, toSeq, entryId }: AuditFault): string => {
  const run = seq === null ? '' : toSeq === null || toSeq === seq ? ` #${seq}` : ` #${seq}-${toSeq}`;
  return `${writer ?? ''}${run}${entryId === null ? '' : ` (${entryId})`}`.trim();
};

const faultTexts: Record<AuditFault['kind'], (what: string) => string> = {
  export: (what) =>
    `导出文件本身不完整或被改动（${what}） the export file itself is incomplete or was edited (${what})`,
  head: (what) => `日签不对或被替换（${what}） a signed head is wrong or was replaced (${what})`,
  key: (what) => `站点密钥 ${what} 与日签所记不同 the key ${what} is not the one that a head recorded`,
  missing: () => '记录缺失（被删除或漏传） missing: deleted, or never sent',
  changed: () =>
    '内容与链不符，被改动、插入或调换 changed, inserted or swapped: it does not follow from the entry before it',
  order: () => '序号重复或次序颠倒，被插入或调换 inserted or swapped: its number was there already',
  signature: (what) => `签名不是登记密钥所签（${what}） signed by another key (${what})`,
  'signed-other': () => '与站点签名所指的内容不同 not what its station signed',
  unsigned: () => "没有站点签名，可能是插入的 not covered by its station's signature: perhaps inserted",
  'head-other': (what) => `与 ${what} 的日签不同 not what the head of ${what} recorded`,
  'tail-cut': () => '末尾被截去 the tail was cut off',
  'writer-missing': (what) =>
    `整条记录链缺失（${what} 的日签有它） a whole writer is missing (the head of ${what} names it)`,
  'receipt-time': (what) =>
    `收到时间晚于已包含它的 ${what} 日签 its time of receipt is later than the head of ${what} that contains it`,
};

export const auditTexts = {
  exportUsage: '用法 usage: npm run export -- --from YYYY-MM-DD --to YYYY-MM-DD [--out FILE]',
  exported: (entries: number) => `已导出 ${entries} 条记录。 ${entries} entries exported.`,
  auditUsage: '用法 usage: npm run audit -- --export FILE [--heads FILE]',
  unreadable: (path: string, reason: string) =>
    `读不到 ${path}（${reason}），请检查路径。 Cannot read ${path} (${reason}): check the path.`,
  noHeadIn: (path: string) =>
    `文件 ${path} 里没有日签，证明不了什么：请换用带离本机的日签文件。 There is no signed head in ${path}, so it proves nothing: give the file of heads that was kept elsewhere.`,
  fault: (fault: AuditFault) => `不符 FAULT ${whereOf(fault)}: ${faultTexts[fault.kind](fault.what)}`,
  figures: (r: AuditReport) =>
    `记录 entries ${r.entries}, 记录链 writers ${r.writers}, 签名 signatures ${r.signatures}, 日签 heads ${r.heads}, 搁置 set aside ${r.asides}`,
  proven:
    '已证明：所列记录一条未少、未改、未换序；凡有签名的，确由其站点发出。 Proven: of the entries listed none is missing, changed or out of order, and what is signed came from its station.',
  broken: (count: number) =>
    `未通过：有 ${count} 处不符，列于上方；请核对该站点的本机备份。 NOT proven: ${count} faults, listed above: compare with the journal of the station.`,
  afterHeads: (count: number) =>
    `未证明：最后一次日签之后的 ${count} 条只有签名为证，其后若被截去无从发现。 Not proven: ${count} entries lie behind the last head; signatures alone speak for them, and a cut behind them would not show.`,
  unsigned: (count: number) =>
    `未证明：${count} 条没有站点签名（站点无密钥，或为总台自身记录），只由链和日签保护。 Not proven by a station: ${count} entries carry no station's signature (no key, or the hub's own); chain and heads alone protect them.`,
  passedOn: (count: number) =>
    `注意：${count} 批由站点转交而不在其本机备份中。 Note: ${count} batches were passed on by a station whose journal does not hold them.`,
  loose: (count: number) =>
    `未证明：${count} 条记录链从中间开始，其前面没有日签为据。 Not proven: ${count} chains begin in their middle, and no head speaks for what lies before.`,
  late: (count: number, longest: NonNullable<AuditReport['latest']>) =>
    `迟到 late: ${count} 条在发生 15 分钟后才收到 entries came over 15 minutes after their birth; 最久 longest ${Math.round(longest.ms / 60_000)} min: ${longest.writer} #${longest.seq} (${longest.entryId})`,
  ownHeads:
    '未证明：没有带离本机的日签（--heads），能改数据库又有日签密钥的人可以重做全部日签。 Not proven: without heads kept elsewhere (--heads), somebody who holds database and log key could make all heads anew.',
};
