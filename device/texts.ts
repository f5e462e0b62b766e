// Every sentence the bridge says to the people who install and run it, Chinese first. Called by config, main and http.

/** One sentence in both languages; each says what to do. */
export type Sentence = { zh: string; en: string };

/** How a sentence stands on a terminal and in a log line. */
export function spoken(sentence: Sentence): string {
  return `${sentence.zh} / ${sentence.en}`;
}

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const texts = {
  usage: () =>
    both(
      '用法：npm run bridge -- --config gate.config.json [--enrol 配对码 | --rescue 文件 [--whole]]。',
      'Usage: npm run bridge -- --config gate.config.json [--enrol CODE | --rescue FILE [--whole]].',
    ),
  configUnreadable: (path: string, reason: string) =>
    both(
      `读不到配置文件 ${path}（${reason}），请检查路径和权限。`,
      `Cannot read the configuration ${path} (${reason}): check the path and its permissions.`,
    ),
  configNotJson: (path: string, reason: string) =>
    both(
      `配置文件 ${path} 不是有效的 JSON（${reason}），请改正后重试。`,
      `The configuration ${path} is not valid JSON (${reason}): correct it and try again.`,
    ),
  missingKey: (key: string, expected: Sentence) =>
    both(`配置缺少 ${key}，请填写：${expected.zh}。`, `The configuration lacks ${key}: give ${expected.en}.`),
  wrongValue: (key: string, expected: Sentence) =>
    both(`配置项 ${key} 不对，应为：${expected.zh}。`, `The key ${key} is wrong: it must be ${expected.en}.`),
  unknownKey: (key: string, known: string) =>
    both(
      `不认识配置项 ${key}，请删除或改名；可用：${known}。`,
      `The key ${key} is unknown: remove or rename it; known keys: ${known}.`,
    ),
  unknownProfile: (key: string, profile: string, known: string) =>
    both(
      `${key} 中没有名为 ${profile} 的设备类型，请改为其中之一：${known}。`,
      `${key} names the unknown profile ${profile}: use one of ${known}.`,
    ),
  wedgeProfile: (key: string) =>
    both(
      `${key}：键盘式读卡器（hid-wedge）由页面直接读取，请从 devices 中删除此项；要由本程序读取，请改用 hid-evdev。`,
      `${key}: a keyboard reader (hid-wedge) is read by the page itself: remove it from devices, or let this program read it by the profile hid-evdev.`,
    ),
  profileRole: (key: string, profile: string, role: string) =>
    both(
      `${key}：设备类型 ${profile} 的 role 应为 ${role}，请改正。`,
      `${key}: the profile ${profile} has the role ${role}: correct one of them.`,
    ),
  cannotOpen: (key: string, profile: string) =>
    both(
      `${key}：设备类型 ${profile} 没有开闸和关闸命令，不能作道闸，请换一种。`,
      `${key}: the profile ${profile} has no commands to open and close and cannot be a barrier: choose another.`,
    ),
  unknownOption: (key: string, known: string) =>
    both(`不认识选项 ${key}，请删除；可用：${known}。`, `The option ${key} is unknown: remove it; known: ${known}.`),
  wrongOption: (key: string, reason: string) =>
    both(`${key} 的选项不对，请改正（${reason}）。`, `The options of ${key} are wrong, correct them: ${reason}.`),
  samePath: (key: string, path: string) =>
    both(
      `${key} 与另一设备共用串口 ${path}，请给每个设备各自的串口。`,
      `${key} shares the port ${path} with another device: give each device a port of its own.`,
    ),
  twoBarriers: (key: string) =>
    both(
      `${key}：一个站点只有一条通道、一个道闸，请删除多余的。`,
      `${key}: one station is one lane with one barrier: remove the second.`,
    ),
  offsetNeedsObject: (key: string) =>
    both(
      `${key} 只用于 object 模式（体表温度），请删除它或把 mode 改为 object。`,
      `${key} belongs to mode "object" (a surface value): remove it, or set the mode to "object".`,
    ),
  hubNeedsHttps: (key: string) =>
    both(
      `${key} 必须是 https 地址；只有本机（localhost、127.0.0.1）可用 http，请改正。`,
      `${key} must be an https address; plain http is for this machine alone (localhost, 127.0.0.1): correct it.`,
    ),
  hubCaUnreadable: (path: string, reason: string) =>
    both(
      `读不到总台证书 hubCa ${path}（${reason}），请检查路径。`,
      `Cannot read the hub's certificate hubCa ${path} (${reason}): check the path.`,
    ),
  portInUse: (port: number) =>
    both(
      `端口 ${port} 已被占用：设备盒可能已在运行，请先关闭它，或在配置中改 port。`,
      `Port ${port} is in use: the bridge may be running already; stop it first, or change "port" in the configuration.`,
    ),
  portDenied: (port: number) =>
    both(
      `没有权限使用端口 ${port}，请在配置中把 port 改为 1024 以上。`,
      `No permission for port ${port}: set "port" to 1024 or higher in the configuration.`,
    ),
  stateLocked: (dir: string, pid: number) =>
    both(
      `数据目录 ${dir} 正被另一个设备盒进程（${pid}）使用，请先关闭它，或另设 stateDir。`,
      `The state folder ${dir} is in use by another bridge (process ${pid}): stop it first, or set another stateDir.`,
    ),
  stateUnusable: (dir: string, reason: string) =>
    both(
      `数据目录 ${dir} 无法使用（${reason}），请检查磁盘和权限。`,
      `The state folder ${dir} cannot be used (${reason}): check the disk and its permissions.`,
    ),
  pagesMissing: (dir: string) =>
    both(
      `找不到页面文件 ${dir}，请先运行 npm run build。`,
      `The pages are missing in ${dir}: run npm run build first.`,
    ),
  ready: (url: string) => both(`设备盒已启动，请打开 ${url}`, `The bridge is up: open ${url}`),
  stopped: () => both('设备盒已停止。', 'The bridge has stopped.'),
  deviceMissing: (deviceId: string, path: string, code: string) =>
    both(
      `设备 ${deviceId} 的串口 ${path} 不存在（${code}），请检查连线；接好后会自动恢复。`,
      `The port ${path} of ${deviceId} is not there (${code}): check the cable; it comes back by itself.`,
    ),
  journalDamaged: (file: string, line: number, near: string) =>
    both(
      `本机备份 ${file} 第 ${line} 行已损坏（${near}）；文件已保留，请联系维护人员。`,
      `The journal ${file} is damaged at line ${line} (${near}); the file is kept: call the maintainer.`,
    ),
  tornTail: (file: string, bytes: number) =>
    both(
      `本机备份 ${file} 末尾有 ${bytes} 字节未写完（断电或强制结束），已截去。`,
      `The journal ${file} ended in ${bytes} unfinished bytes (power cut or kill); they were cut off.`,
    ),
  keyUnreadable: (path: string) =>
    both(
      `站点密钥 ${path} 无法识别：请从备份恢复，或移走后重新配对。`,
      `The station's key ${path} cannot be read: restore it from a backup, or move it away and pair the station anew.`,
    ),
  notEnrolled: (configPath: string) =>
    both(
      `本站点尚未登记：请在总台运行 npm run hub -- --pair "站点名称" --campus 校区，取得十位配对码，再运行 npm run bridge -- --config ${configPath} --enrol 配对码；已有令牌的，请填写 stationToken。`,
      `This station is not enrolled: run npm run hub -- --pair "NAME" --campus CAMPUS at the hub, then npm run bridge -- --config ${configPath} --enrol CODE here with the ten digits; or write its stationToken into the configuration.`,
    ),
  enrolCode: () => both('配对码应为十位数字。', 'A pairing code has ten digits.'),
  enrolRefused: (zh: string, en: string) => both(`配对未成功：${zh}`, `Not enrolled: ${en}`),
  enrolAway: (reason: string) =>
    both(
      `连不上总台（${reason}），未能配对；请检查 hubUrl、hubCa 和网络后重试。`,
      `The hub cannot be reached (${reason}), so the station is not enrolled: check hubUrl, hubCa and the network, and try again.`,
    ),
  enrolled: (name: string, id: string) =>
    both(
      `已登记为 ${name}（${id}），令牌和密钥在数据目录中；以后启动不必再配对。`,
      `Enrolled as ${name} (${id}); token and key lie in the state folder, and later starts need no code.`,
    ),
  headContradicts: () =>
    both(
      '总台的日签与本站点保存的不一致：两份都已保留，请通知审计人员。',
      "The hub's signed head contradicts the one kept here: both are kept; tell the auditor.",
    ),
  // What pages are told, as errorAnswer.
  journalContradicts: () =>
    both(
      '页面与本机备份的同一条记录不一致，没有签名也没有上传；两份都已保留，请联系维护人员。',
      'The page and the journal hold different bytes for the same entry: it was neither signed nor sent. Both are kept: call the maintainer.',
    ),
  journalFull: () =>
    both(
      '磁盘已满，本机备份写不进去，暂不上传；请清理磁盘。',
      'The disk is full and the journal cannot take this, so it is not sent yet: free space.',
    ),
  journalAway: () =>
    both(
      '本机备份暂时写不进去，稍后自动重试。',
      'The journal cannot take this just now, so it is not sent yet; it is tried again.',
    ),
  hubAway: () =>
    both(
      '连不上总台，记录已保存在本机，稍后自动重试。',
      'The hub cannot be reached; entries are kept here and sent again.',
    ),
  forbidden: () =>
    both('请从门岗页面访问，刷新页面后重试。', 'Use the gate page for this: reload the page and try again.'),
  misdirected: (port: number) =>
    both(`请使用地址 http://localhost:${port}/ 。`, `Use the address http://localhost:${port}/ .`),
  notFound: () => both('没有此页面，请返回首页。', 'There is no such page: go back to the first page.'),
  wrongMethod: () => both('不支持此操作，请刷新页面。', 'This method is not supported here: reload the page.'),
  tooLarge: () => both('一次上传过大，请减小批次后重试。', 'This upload is too large: send a smaller batch.'),
};
