// Every sentence of `npm start` and of the simulator's server, Chinese first. Called by start and simulator-http.
import type { Sentence } from '../texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const startTexts = {
  preparing: () =>
    both('正在启动演示：一个校门、一个总台、模拟设备 …', 'Starting the demo: one gate, one hub, simulated devices …'),
  database: () => both('正在准备数据库 …', 'Preparing the database …'),
  seeding: () => both('正在写入示例校园（人员、卡、账号）…', 'Writing the sample campus (people, cards, accounts) …'),
  hubUp: () => both('总台已启动。', 'The hub is up.'),
  portsPty: () => both('模拟设备：真实虚拟串口（socat）。', 'Simulated devices: real pseudo-terminals (socat).'),
  portsMemory: () => both('模拟设备：内存串口（未用 socat）。', 'Simulated devices: ports in memory (no socat).'),
  bridgeUp: () => both('设备盒已启动。', 'The bridge is up.'),
  ready: () => both('已就绪。请打开：', 'Ready. Open:'),
  gate: () => both('校门', 'Gate'),
  clinic: () => both('卫生所', 'Clinic'),
  rounds: () => both('宿舍测温', 'Dorm rounds'),
  office: () => both('办公室', 'Office'),
  admin: () => both('管理（人员、站点、查阅记录）', 'Administration (people, stations, reads)'),
  simulator: () => both('模拟器（刷卡、调体温、拔线、断网）', 'Simulator (tap, dial, unplug, cut the network)'),
  accounts: () => both('账号', 'Accounts'),
  stopHint: () => both('按 Ctrl-C 停止。', 'Ctrl-C stops it.'),
  stopping: () => both('正在停止 …', 'Stopping …'),
  stopped: () => both('已停止。', 'Stopped.'),
  badPort: (key: string, value: string) =>
    both(`${key}=${value} 不是端口号，请填 1 到 65535。`, `${key}=${value} is not a port: give 1 to 65535.`),
  samePorts: (port: number) =>
    both(`端口 ${port} 用了两次，请给每个端口不同的号码。`, `Port ${port} is used twice: give each its own number.`),
  portInUse: (key: string, port: number) =>
    both(
      `端口 ${port} 已被占用。请先停止占用它的程序（可能是上一次的 npm start），或换一个：${key}=${port + 100} npm start`,
      `Port ${port} is in use. Stop what uses it (perhaps an earlier npm start), or choose another: ${key}=${port + 100} npm start`,
    ),
  portRefused: (key: string, port: number, code: string) =>
    both(
      `端口 ${port} 不能使用（${code}），请换一个，例如：${key}=${port + 7000} npm start`,
      `Port ${port} cannot be used (${code}): choose another, for example: ${key}=${port + 7000} npm start`,
    ),
  folderRefused: (path: string, code: string) =>
    both(
      `数据目录 ${path} 不能使用（${code}），请检查路径、权限和磁盘，或换一个：STATE_DIR=目录 npm start`,
      `The state folder ${path} cannot be used (${code}): check path, permissions and disk, or choose another: STATE_DIR=FOLDER npm start`,
    ),
  notBuilt: (path: string) =>
    both(`缺少 ${path}，请先运行 npm run build。`, `${path} is missing: run npm run build first.`),
  hubFailed: (code: string) =>
    both(`总台没有启动（${code}），原因见上面几行。`, `The hub did not start (${code}): see the lines above.`),
  hubSilent: (seconds: number) =>
    both(
      `总台 ${seconds} 秒内没有应答，请重试；上面几行有原因。`,
      `The hub did not answer within ${seconds} s: try again; see the lines above.`,
    ),
  seedUnreadable: () =>
    both(
      '示例数据的结果读不懂，请删除数据目录后重试。',
      'The answer of the seeding cannot be read: delete the state folder and try again.',
    ),
  hubDied: (code: string) =>
    both(
      `总台意外退出（${code}），演示已停止。请重新运行 npm start。`,
      `The hub ended unexpectedly (${code}); the demo stops. Run npm start again.`,
    ),
  failed: (reason: string) => both(`启动失败：${reason}`, `The start failed: ${reason}`),
  roles: {
    admin: both('管理员', 'Admin'),
    nurse: both('护士', 'Nurse'),
    'dorm-manager': both('宿管', 'Dorm manager'),
    'class-teacher': both('班主任', 'Class teacher'),
    guard: both('门卫', 'Guard'),
  } as Readonly<Record<string, Sentence>>,
};

export const simulatorTexts = {
  misdirected: () => both('请用 localhost 打开本页。', 'Open this page as localhost.'),
  foreignOrigin: () => both('只接受本页面自己的请求。', 'Requests of other pages are refused.'),
  wrongType: () => both('请以 application/json 提交。', 'Send application/json.'),
  wrongBody: () => both('请求内容不对，请对照接口说明。', 'The body is wrong: compare it with the interface.'),
  tooLarge: () => both('请求太大。', 'The body is too large.'),
  unknownPerson: () => both('没有这个人，请从列表中选择。', 'No such person: choose one of the list.'),
  busy: () => both('排队的人太多，请稍后再试。', 'Too many passages wait: try again later.'),
  notFound: () => both('没有此页面。', 'There is no such page.'),
  failed: () => both('没有做成，请看终端中的原因。', 'It failed: see the terminal for the reason.'),
};
