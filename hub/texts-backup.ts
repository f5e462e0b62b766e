// What the hub says about backups and restores, Chinese first; each tells what to do. Called by cli.ts and restore.ts.

export const backupTexts = {
  done: (path: string, rows: number, bytes: number) =>
    `备份已完成：${path}（${rows} 行，${bytes} 字节）。请复制到另一台机器保存。 Backup done: ${path} (${rows} rows, ${bytes} bytes). Copy it to another machine.`,
  noted: '已记录一次外部备份。 A backup by other means is noted.',
  restored: (takenAt: string, rows: number, epoch: string) =>
    `已恢复 ${takenAt} 的备份（${rows} 行），新的世代为 ${epoch}：各站点会自动重传其保留的记录。请补做此后在总台所做的操作。 The backup of ${takenAt} is restored (${rows} rows); the new epoch is ${epoch}: stations send again what they hold. Do again what staff did at the hub since then.`,
  missing: (path: string) => `读不到备份文件 ${path}，请检查路径。 The backup ${path} cannot be read: check the path.`,
  unreadable: (path: string, reason: string) =>
    `备份文件 ${path} 已损坏或不完整（${reason}），未做任何更改；请换用另一份备份。 The backup ${path} is damaged or cut (${reason}) and nothing was changed: use another one.`,
  newer: (schema: number) =>
    `备份来自更新的版本（数据结构 ${schema}），未做任何更改；请先升级总台。 The backup is of a newer hub (schema ${schema}) and nothing was changed: update the hub first.`,
  otherSchema: (number: number) =>
    `备份的数据结构 ${number} 与本程序不同，未做任何更改；请用当时的版本恢复。 Schema ${number} of the backup differs from this hub's and nothing was changed: restore it with the version that made it.`,
  hubRuns:
    '有总台正在使用此数据库，未做任何更改；请先停止所有总台再恢复。 A hub is using this database and nothing was changed: stop every hub first.',
  notEmpty:
    '此数据库中已有记录，未做任何更改；请先备份，确认要用备份替换全部内容后加 --replace 重试。 This database holds records and nothing was changed: back it up, and add --replace to put the backup in the place of everything in it.',
} as const;
