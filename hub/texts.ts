// Every sentence the hub says, in Chinese and English; each tells what to do. Used by refusals and the command line.

export type Sentence = { zh: string; en: string };
const pair = (zh: string, en: string): Sentence => ({ zh, en });

export const refusalTexts = {
  'not-found': { zh: '没有这个地址，请检查网址。', en: 'There is nothing at this address: check the URL.' },
  'envelope-unreadable': {
    zh: '上传内容无法识别，未保存任何记录；请检查站点程序版本后重传。',
    en: 'The upload cannot be read and nothing was stored: check the version of the station and send it again.',
  },
  'body-unreadable': {
    zh: '请求内容有误，未做任何更改；请按详细说明改正后再提交。',
    en: 'The request is not valid and nothing was changed: correct what the details name and send it again.',
  },
  'contract-unknown': {
    zh: '协议版本不相容，请先升级站点或总台。',
    en: 'The contract version is not supported: update the station or the hub first.',
  },
  'too-large': {
    zh: '内容过大，请减半后重传。',
    en: 'This is too large: send half of it.',
  },
  'station-unknown': {
    zh: '本站点未登记：请在总台用 --add-station 登记，并把令牌写入站点配置。',
    en: 'This station is not enrolled: add it at the hub with --add-station and put its token into the station configuration.',
  },
  'station-revoked': {
    zh: '本站点的登记已被撤销，总台不再接收其上传；记录仍保存在站点，请联系管理员重新配对。',
    en: 'This station is not enrolled any more: its enrolment was revoked. Its entries stay with it; ask an administrator to pair it anew.',
  },
  'signature-missing': {
    zh: '本站点已登记密钥，但上传没有签名，未保存；请升级站点程序，或在总台用 --forget-key 解除密钥。',
    en: 'This station has a key on record and the upload carries no signature, so nothing was stored: update the station, or release its key at the hub with --forget-key.',
  },
  'signature-wrong': {
    zh: '签名不对，未保存任何记录；请检查站点的密钥文件和时间，必要时重新配对。',
    en: 'The signature is wrong and nothing was stored: check the key file of the station, and pair it anew if need be.',
  },
  'key-foreign': {
    zh: '签名密钥不是本站点登记的那一个，未保存；若数据目录已更换，请在总台用 --forget-key 解除旧密钥或重新配对。',
    en: 'The key is not the one on record for this station and nothing was stored: if its state folder is new, release the old key with --forget-key or pair the station anew.',
  },
  'key-ended': {
    zh: '此密钥已被撤销，不能再用；请移走站点数据目录中的 station-key.json 后重新配对。',
    en: 'This key was ended and cannot be used again: move station-key.json out of the state folder of the station and pair it anew.',
  },
  'pairing-wrong': {
    zh: '配对码不对或已失效（10 分钟、5 次为限）；请在总台重新生成。',
    en: 'The pairing code is wrong or no longer good (10 minutes, 5 tries): make a new one at the hub.',
  },
  'pairing-place': {
    zh: '此配对码属于另一地点，请核对站点配置的名称和校区，或为此地点另行生成。',
    en: 'This pairing code belongs to another place: correct name and campus in the configuration, or make a code for this place.',
  },
  'too-many-pairings': {
    zh: '未用的配对码过多，请稍后再生成。',
    en: 'Too many pairing codes are open: wait a little, then make another.',
  },
  'station-missing': {
    zh: '没有这个站点，请核对编号。',
    en: 'There is no such station: check its id.',
  },
  'not-signed-in': { zh: '请先登录。', en: 'Sign in first.' },
  'wrong-password': {
    zh: '姓名或密码不对，请重新输入；忘记密码请找管理员重设。',
    en: 'Name or password is wrong: try again, or ask an administrator for a new password.',
  },
  'too-many-attempts': {
    zh: '尝试次数过多，请稍后再登录。',
    en: 'Too many attempts: wait a little, then sign in again.',
  },
  'station-busy': {
    zh: '本站点已有几批记录正在上传，请稍后自动重试；若一直如此，请检查是否有两台设备用了同一站点。',
    en: 'Some batches of this station are still on their way: it tries again by itself. If this stays, look for two machines that use one station.',
  },
  'hub-busy': {
    zh: '总台正忙，记录会自动重传，请勿关机。',
    en: 'The hub is busy: the entries are sent again by themselves, leave the station running.',
  },
  'role-missing': {
    zh: '您的岗位不能进行此操作，请联系有权限的人员。',
    en: 'Your role may not do this: ask somebody whose role may.',
  },
  'scope-missing': {
    zh: '此人或此处不在您负责的范围内；请联系负责的人员，或由管理员调整您的范围。',
    en: 'This person or place is not among those you answer for: ask who does, or have an administrator change your scopes.',
  },
  'origin-foreign': {
    zh: '请求来源不对：请从本系统页面操作。',
    en: 'The request comes from another origin: use the pages of this hub.',
  },
  'host-foreign': {
    zh: '本总台没有这个名称：请用登记的地址访问，或由管理员加入 HUB_NAMES。',
    en: 'This hub has no such name: use its own address, or have an administrator add this one to HUB_NAMES.',
  },
  'password-weak': {
    zh: '密码至少 10 个字符，请换一个更长的。',
    en: 'A password needs at least 10 characters: choose a longer one.',
  },
  'password-name': {
    zh: '密码里除了姓名几乎没有别的内容，容易被猜到；请换一个。',
    en: 'This password is little more than the name and easy to guess: choose another.',
  },
  'password-common': {
    zh: '这个密码太常见或太有规律，容易被猜到；请换一个。',
    en: 'This password is too common or too regular and easy to guess: choose another.',
  },
  'staff-unknown': {
    zh: '没有这位在岗人员，请刷新列表。',
    en: 'Nobody with this number works here: reload the list.',
  },
  'name-taken': {
    zh: '已有同名的在岗人员；请加上单位或编号以便区分。',
    en: 'Somebody of this name works here already: add a unit or a number to tell them apart.',
  },
  'card-taken': {
    zh: '这张卡已登记给另一名保卫人员，未做更改；请先从那人名下取下。',
    en: "This card is another guard's and nothing was changed: take it from that guard first.",
  },
  'card-unreadable': {
    zh: '卡号无法识别；请按卡面数字填写，或填芯片号（十六进制）。',
    en: "This card number cannot be read: type the number on the card, or the chip's number in hex.",
  },
  'pin-weak': {
    zh: 'PIN 须为 4 至 12 位数字，不能全部相同，也不能连号；请换一个。',
    en: 'A PIN has 4 to 12 digits, not all the same and no run: choose another.',
  },
  'guards-only': {
    zh: '只有保卫岗位使用 PIN 和卡；请先把岗位改为保卫，或重设密码。',
    en: 'Only guards use a PIN and cards: change the role to guard first, or reset the password.',
  },
  'last-admin': {
    zh: '这是最后一名管理员，不能停用或改岗；请先任命另一名管理员。',
    en: 'This is the last administrator, who cannot be ended or change roles: appoint another one first.',
  },
  'own-account': {
    zh: '不能重设自己的密码；请用“修改密码”，或请另一名管理员重设。',
    en: 'You cannot reset your own password: change it instead, or ask another administrator.',
  },
  'scope-unfit': {
    zh: '这种范围不适用于此岗位，未做更改；请按岗位选择范围。',
    en: 'This kind of scope does not fit the role and nothing was changed: choose scopes that do.',
  },
  'case-unknown': {
    zh: '没有这张处置单，请刷新看板。',
    en: 'There is no such case: reload the board.',
  },
  'not-now': {
    zh: '处置单当前状态不能这样处理，请按 接报、到达、复测、处置 的顺序进行。',
    en: 'The case cannot take this step now: go on in the order acknowledge, arrive, re-measure, decide.',
  },
  'not-re-measured': {
    zh: '尚未复测，不能放行：请先用接触式体温计测腋温。',
    en: 'Not re-measured yet, so it cannot be cleared: take an axillary contact reading first.',
  },
  'not-axillary': {
    zh: '放行须以腋温为准：请用接触式体温计复测腋温。',
    en: 'Clearing needs an axillary reading: measure again under the arm with a contact thermometer.',
  },
  'not-normal': {
    zh: '复测体温不正常，不能放行：请选择留观、送医院或居家隔离观察。',
    en: 'The reading is not normal, so it cannot be cleared: choose observation, hospital or home observation.',
  },
  'has-symptom': {
    zh: '有症状，不能放行：请选择留观、送医院或居家隔离观察。',
    en: 'There is a symptom, so it cannot be cleared: choose observation, hospital or home observation.',
  },
  'listed-region': {
    zh: '14 天内到过通报地区，不能放行：请选择留观。',
    en: 'In a listed region within 14 days, so it cannot be cleared: choose observation.',
  },
  'person-unknown': {
    zh: '名单里没有此人，请核对学号或工号。',
    en: 'Nobody with this number is on the roster: check the number.',
  },
  'order-unknown': {
    zh: '此人没有这种正在执行的管控措施，请刷新后再试。',
    en: 'There is no such order in force for this person: reload and try again.',
  },
  'hold-over': {
    zh: '此人已有决定或已离开，请刷新。',
    en: 'It has been decided, or the person has left: reload.',
  },
  'slip-unreadable': {
    zh: '这张纸条读不出来，请对准二维码再扫一次，或按单号打电话问门岗。',
    en: 'This slip cannot be read: scan its code again, or call the gate with the case number.',
  },
  'slip-unsigned': {
    zh: '这张纸条没有本校站点的签名，请打电话向门岗核实。',
    en: 'No station of this campus has signed this slip: call the gate and ask.',
  },
  'person-changed': {
    zh: '此人资料刚被他人修改，请刷新后再改。',
    en: 'This person was changed by somebody else just now: reload and change again.',
  },
  'days-crossed': {
    zh: '起止日期不对：结束不得早于开始，最长一年。',
    en: 'The days do not fit: the end must not be before the beginning, and a year is the longest.',
  },
  'card-unknown': {
    zh: '此人没有这张卡，请刷新。',
    en: 'This person has no such card: reload.',
  },
  'person-card-taken': {
    zh: '此卡已属于他人：请核对卡号，或先在那人名下挂失。',
    en: 'This card belongs to somebody else: check its number, or report it lost there first.',
  },
  'card-lost': {
    zh: '此卡已挂失，不能再发：请换一张，或先解除挂失。',
    en: 'This card is reported as lost: take another one, or put it back in use first.',
  },
  'cards-too-many': {
    zh: '卡太多：每人最多 8 张在用、16 张挂失。',
    en: 'Too many cards: at most 8 in use and 16 lost a person.',
  },
  'order-nurse': {
    zh: '解除隔离观察或送医须由卫生所护士签字。',
    en: 'Only a nurse of the clinic may end isolation or hospital.',
  },
  'roster-moved': {
    zh: '预览之后名单又有变动，未导入；请重新预览。',
    en: 'The roster has changed since the preview and nothing was imported: preview it again.',
  },
  'notice-unknown': {
    zh: '没有这条通知，请刷新。',
    en: 'There is no such notice: reload.',
  },
  'notice-day': {
    zh: '截止日须在今天到一年之内，请改日期。',
    en: 'The last day must lie between today and a year from now: change it.',
  },
  'list-moved': {
    zh: '保存前别人改过，未保存；请核对现在的内容再保存。',
    en: 'Somebody else changed it meanwhile, nothing was saved: look at what stands there now and save again.',
  },
  'policy-refused': {
    zh: '判定规则有误，未生效；请按详细说明改正。',
    en: 'The policy is not valid and is not in force: correct what the details name.',
  },
  'policy-conflict': {
    zh: '判定规则已被他人修改，请重新载入后再改。',
    en: 'The policy was changed by somebody else: reload it and change it again.',
  },
  'campus-unknown': {
    zh: '没有这个校区，请检查校区代码。',
    en: 'There is no such campus: check its code.',
  },
  'roster-errors': {
    zh: '名单有错误行，未导入任何内容；请改正，或明确选择只导入正确的行。',
    en: 'The roster has faulty rows and nothing was imported: correct them, or accept the valid rows explicitly.',
  },
  'roster-unreadable': {
    zh: '名单文件无法识别，未导入任何内容；请用 UTF-8 或 GB18030 的 CSV，第一行为列名。',
    en: 'The roster file cannot be read and nothing was imported: use CSV in UTF-8 or GB18030 whose first line names the columns.',
  },
  'cursor-unreadable': {
    zh: '续传位置无法识别，请重新载入页面。',
    en: 'The cursor cannot be read: reload the page.',
  },
  'disk-full': {
    zh: '总台磁盘已满，本次未保存；请清理磁盘，站点会自动重传。',
    en: 'The disk of the hub is full and nothing was stored: free space, the station sends again by itself.',
  },
  'database-away': {
    zh: '总台数据库暂时连不上，本次未保存；请稍后重试。',
    en: 'The database of the hub is away and nothing was stored: try again shortly.',
  },
  'page-missing': {
    zh: '页面尚未构建：请先运行 npm run build。',
    en: 'The page is not built: run npm run build first.',
  },
  internal: {
    zh: '总台内部出错，本次未保存；请重试，仍不行请查看日志。',
    en: 'The hub failed inside and nothing was stored: try again, and look at the log if it stays.',
  },
} as const satisfies Record<string, Sentence>;
export type RefusalCode = keyof typeof refusalTexts;

export const placeTexts = {
  notesBroken: (path: string) =>
    `${path} 无法识别：请从备份恢复，或把整个数据目录移走后重新开始。 ${path} cannot be read: restore it from a backup, or move the state folder away and begin anew.`,
  initFailed: (reason: string) =>
    `内置 PostgreSQL 未能初始化（${reason}）：请按此改正，或设置 DATABASE_URL。 The embedded PostgreSQL could not be set up (${reason}): correct this, or set DATABASE_URL.`,
  notStarted: (log: string) =>
    `内置 PostgreSQL 未能启动，原因见 ${log}；也可设置 DATABASE_URL。 The embedded PostgreSQL did not start: its log ${log} says why; or set DATABASE_URL.`,
  notStopped: (reason: string) =>
    `内置 PostgreSQL 未能停止（${reason}），请查看其日志。 The embedded PostgreSQL did not stop (${reason}): look at its log.`,
  noBinaries:
    '没有适合本机的内置 PostgreSQL，请设置 DATABASE_URL。 No embedded PostgreSQL for this machine: set DATABASE_URL.',
  noUser:
    '以 root 运行时需要系统用户 postgres，且无法自动创建：请创建该用户，或以普通用户运行，或设置 DATABASE_URL。 As root the embedded PostgreSQL needs the system user postgres and it could not be made: create it, run as an ordinary user, or set DATABASE_URL.',
} as const;

/** What is wrong with one key of a request; stands in the details of a refusal, behind the key. */
export const issueTexts = {
  unknownKeys: (keys: string) => `不认识 ${keys}，请检查拼写 unknown: ${keys}, check the spelling`,
  atLeast: (min: string) => `不得小于（或短于）${min} must be at least ${min}`,
  atMost: (max: string) => `不得大于（或长于）${max} must be at most ${max}`,
  mustBe: (kind: string) => `缺少或类型不对，应为 ${kind} missing or of the wrong kind, must be ${kind}`,
  missing: '缺少，请补上 missing, give it',
  /** `rule`: "freshMs <= staleMs must hold". */
  mustHold: (rule: string) => `须满足 ${rule}`,
  oneOf: (values: string) => `应为其中之一：${values} must be one of ${values}`,
  notAllowed: '值的写法或小数位数不符合要求 form or number of decimals is not allowed',
} as const;

/** Row errors of a roster file: what is wrong and what to do about it. */
export const rosterTexts = {
  missingColumn: (column: string) =>
    pair(`缺少列 ${column}：请在第一行补上列名`, `column ${column} is missing: name it in the first line`),
  twiceColumn: (column: string) => pair(`列 ${column} 重复：请删去一列`, `column ${column} appears twice: delete one`),
  noRows: pair(
    '没有人员行，名单不变：请检查导出',
    'no person in the file, the roster stays as it is: check the export',
  ),
  tooManyRows: (max: number) => pair(`超过 ${max} 行：请分开核对`, `more than ${max} rows: check the file`),
  tooManyColumns: (max: number) =>
    pair(`超过 ${max} 列：请删去不用的列`, `more than ${max} columns: delete what is not used`),
  notCsv: (line: number) =>
    pair(
      `第 ${line} 行不是有效的 CSV：请检查引号和列数`,
      `line ${line} is not valid CSV: check quotes and the number of cells`,
    ),
  empty: (column: string) => pair(`${column} 为空：请填写`, `${column} is empty: fill it in`),
  tooLong: (column: string, max: number) =>
    pair(`${column} 超过 ${max} 个字符：请缩短`, `${column} is longer than ${max} characters: shorten it`),
  badCard: (column: string) =>
    pair(
      `${column} 不是有效卡号：请把该列设为文本后重新导出`,
      `${column} is no card number: format the column as text and export again`,
    ),
  badPresence: pair('在校状态应为 在校、离校、获准返校', 'presence must be on-campus, away or granted'),
  badYesNo: (column: string) => pair(`${column} 应为 是 或 否`, `${column} must be yes or no`),
  twicePerson: (line: number) =>
    pair(`学号与第 ${line} 行重复：请删去一行`, `personId repeats line ${line}: delete one`),
  twiceCard: (line: number) => pair(`卡号与第 ${line} 行重复：请核对`, `card repeats line ${line}: check both`),
  cardTaken: pair('卡号属于名单外的他人：请核对', 'card belongs to somebody who is not in this file: check it'),
  badCharacters: (column: string) =>
    pair(
      `${column} 含有不可见或无法保存的字符：请重新输入`,
      `${column} holds characters that are invisible or cannot be stored: type it again`,
    ),
  tooManyCards: (max: number) => pair(`每人最多 ${max} 张卡：请删去旧卡`, `more than ${max} cards: leave out old ones`),
  badEncoding: pair(
    '编码不是 UTF-8 或 GB18030：请另存为 UTF-8 的 CSV',
    'encoding is neither UTF-8 nor GB18030: save it as CSV in UTF-8',
  ),
} as const;

/** Header names of a roster file in Chinese, besides the English ones of roster-columns.ts. */
export const rosterHeaders: Record<string, string> = {
  学号: 'personId',
  工号: 'personId',
  学工号: 'personId',
  编号: 'personId',
  姓名: 'name',
  类别: 'category',
  人员类别: 'category',
  单位: 'unit',
  学院: 'unit',
  部门: 'unit',
  宿舍: 'room',
  寝室: 'room',
  房间: 'room',
  班级: 'class',
  卡面号: 'card',
  卡号: 'card',
  卡号UID: 'uid',
  UID: 'uid',
  在校状态: 'presence',
  所在地: 'whereabouts',
  旅居史: 'travel',
  校内居住: 'homeOnCampus',
  辅导员或班主任: 'contact',
  辅导员: 'contact',
  班主任: 'contact',
  联系人: 'contact',
  接待人: 'host',
  随行人员: 'companions',
  封闭可进: 'closedIn',
  封闭可出: 'closedOut',
  须询问: 'questionsDue',
};
export const rosterValues = {
  presence: { 在校: 'on-campus', 离校: 'away', 获准返校: 'granted' },
  yes: ['是', '有', 'yes', 'true', '1', 'y'],
  no: ['否', '无', 'no', 'false', '0', 'n', ''],
} as const;

export const cliTexts = {
  ready: (url: string) => `总台已启动 Hub ready: ${url}clinic`,
  dataAt: (path: string) => `数据库目录 database folder: ${path}`,
  needTls: (host: string) =>
    `HUB_HOST=${host} 不是本机地址，必须使用 HTTPS：请设置 TLS_CERT 和 TLS_KEY，或先运行 npm run hub -- --make-ca --host ${host}。 HUB_HOST=${host} is not loopback, so HTTPS is needed: set TLS_CERT and TLS_KEY, or run npm run hub -- --make-ca --host ${host} first.`,
  badPort: (value: string) =>
    `HUB_PORT=${value} 应为 0 到 65535 的整数。 HUB_PORT=${value} must be a whole number from 0 to 65535.`,
  portTaken: (port: number) =>
    `端口 ${port} 已被占用：请停止占用的程序，或设置 HUB_PORT。 Port ${port} is in use: stop the other program or set HUB_PORT.`,
  halfTls:
    'TLS_CERT 和 TLS_KEY 须同时设置，请补上缺少的一个。 TLS_CERT and TLS_KEY belong together: set the missing one.',
  cannotListen: (port: number, code: string) =>
    `不能在端口 ${port} 上监听（${code}）：请检查 HUB_HOST 是否为本机地址，HUB_PORT 是否需要管理员权限（1024 以下）。 Cannot listen on port ${port} (${code}): check that HUB_HOST is an address of this machine and whether HUB_PORT needs an administrator (below 1024).`,
  databaseRefused: (reason: string) =>
    `连不上数据库（${reason}）：请检查 DATABASE_URL 的地址、用户名和密码，以及数据库是否已启动。 The database cannot be reached (${reason}): check address, user and password in DATABASE_URL, and that the server runs.`,
  hostUnknown: (reason: string) =>
    `找不到主机（${reason}）：请检查 DATABASE_URL 或 HUB_HOST 中的主机名。 A host name is unknown (${reason}): check the one in DATABASE_URL or HUB_HOST.`,
  diskFull: (path: string) =>
    `磁盘已满（${path}），请清理后再启动。 The disk is full (${path}): free space and start again.`,
  pathRefused: (path: string, code: string) =>
    `读写不了 ${path}（${code}）：请检查路径和权限（STATE_DIR、TLS_CERT、TLS_KEY）。 Cannot use ${path} (${code}): check the path and its permissions (STATE_DIR, TLS_CERT, TLS_KEY).`,
  fileRefused: (path: string, code: string) =>
    `写不了 ${path}（${code}）：请检查目录是否存在、能否写入，或换一个位置。 ${path} cannot be written (${code}): check that its folder exists and may be written, or choose another place.`,
  tlsWrong: (reason: string) =>
    `证书或私钥无效（${reason}）：请检查 TLS_CERT 和 TLS_KEY 是否为配对的 PEM 文件。 The certificate or its key is not usable (${reason}): TLS_CERT and TLS_KEY must be PEM files that belong together.`,
  failed: (reason: string) =>
    `总台出错：${reason}。请按此改正后重试。 The hub could not go on: ${reason}. Correct this and try again.`,
  password: (name: string, password: string) =>
    `${name} 的一次性密码（只能登录一次，请登录后立即修改） one-time password of ${name} (for one sign-in; set a new one at once): ${password}`,
  pin: (name: string, pin: string) => `${name} 的 PIN（只显示这一次） PIN of ${name} (shown this once): ${pin}`,
  staffAdded: (name: string, role: string) => `已添加 ${name}（${role}）。 ${name} is added (${role}).`,
  staffChanged: (name: string, role: string) =>
    `${name} 原已登记，现已更改：岗位 ${role}，密码或 PIN 已换新。 ${name} worked here already and is changed: now ${role}, with a new password or PIN.`,
  stationAdded: (name: string, id: string, token: string) =>
    `站点 ${name}（${id}）已登记，令牌只显示这一次 station ${name} (${id}) is enrolled; its token is shown this once: ${token}`,
  campusUnknown: (campus: string, known: string) =>
    `没有校区 ${campus}，已有 ${known}：请核对名称，确为新校区请加 --new-campus。 There is no campus ${campus}, there is ${known}: check the name, or add --new-campus if it is a new one.`,
  pairing: (name: string, code: string, minutes: number) =>
    `${name} 的配对码（${minutes} 分钟内有效，最多试 5 次，只显示这一次） pairing code of ${name} (good for ${minutes} minutes and 5 tries, shown this once): ${code}`,
  stationRevoked: (id: string) =>
    `站点 ${id} 已撤销：总台不再接收其上传，站点仍继续记录。 Station ${id} is revoked: the hub takes nothing from it any more, and it goes on recording.`,
  keyForgotten: (id: string) =>
    `站点 ${id} 的密钥已解除，下次上传登记新密钥。 The key of station ${id} is released: its next upload puts a new one on record.`,
  keyMissing: (id: string) =>
    `站点 ${id} 没有登记密钥，请核对编号（--stations 列出全部）。 Station ${id} has no key on record: check the id (--stations lists all).`,
  stationMissing: (id: string) =>
    `没有站点 ${id}，请核对编号（--stations 列出全部）。 There is no station ${id}: check the id (--stations lists all).`,
  noHeads: (path: string) =>
    `还没有日签文件 ${path}：总台运行到一天结束后生成，或用 --head-now 立即生成。 There is no file of heads at ${path} yet: the hub makes one when a day has ended, or at once with --head-now.`,
  copyFailed: (path: string, code: string) =>
    `写不了 ${path}（${code}），日签未复制；请检查路径、权限和磁盘空间。 ${path} cannot be written (${code}) and the heads were not copied: check path, permissions and space.`,
  headsCopied: (path: string) => `已写入 ${path}，请带离本机保管。 Written to ${path}: keep it away from this machine.`,
  headElsewhere: (folder: string) =>
    `日签由另一个总台的密钥签署，本机不签：请把那台的 heads/log-key.pem 复制到 ${folder}（权限 0600）；若密钥已遗失，用 --head-now --new-log 另起日志。 The heads of this database are signed by the key of another hub, so this one signs none: copy that hub's heads/log-key.pem into ${folder} (0600), or, if that key is lost, begin another log with --head-now --new-log.`,
  headMade: (day: string, size: number, vkey: string) =>
    `${day} 的日签已生成（${size} 条），验证公钥 head of ${day} made (${size} leaves), verifier key: ${vkey}`,
  caMade: (folder: string) =>
    `证书已生成于 ${folder}：总台设置 TLS_CERT=${folder}/server.crt TLS_KEY=${folder}/server.key，网关配置 "hubCa":"ca.crt 的路径"，浏览器信任 ca.crt。 Certificates are in ${folder}: set TLS_CERT=${folder}/server.crt TLS_KEY=${folder}/server.key here, "hubCa" in each bridge's configuration to a copy of ca.crt, and trust ca.crt in browsers.`,
  caThere: (folder: string) =>
    `${folder} 里已有证书，未覆盖；如需重做请先移走。 There are certificates in ${folder} already and they stay: move them away to make new ones.`,
  usage:
    '用法 usage: npm run hub [-- --first-admin NAME | --add-staff NAME --role ROLE [--pin PIN] | --add-station NAME --campus CAMPUS [--new-campus] [--code G01] | --pair NAME --campus CAMPUS [--new-campus] [--code G01] | --stations | --revoke-station ID | --forget-key ID | --heads [FILE] | --head-now [--new-log] | --import-roster FILE [--dry-run] [--accept-valid-rows] | --make-ca --host NAME | --backup FILE | --note-backup | --restore FILE [--replace] | --import-rescue FILE | --migrate | --seed-demo]',
  badHost: (host: string) =>
    `${JSON.stringify(host)} 不是主机名或 IP 地址：请只写名称，如 hub.example.edu.cn，不带协议和端口。 ${JSON.stringify(host)} is no host name or IP address: write the name alone, such as hub.example.edu.cn, without protocol and port.`,
  badName: (chars: number) =>
    `名称须为 1 至 ${chars} 个字符，首尾没有空格，不含控制字符；请改正。 A name has 1 to ${chars} characters, no blanks around it and no control characters: correct it.`,
  oneCommand: (asked: string) =>
    `一次只能执行一个命令，都未执行：请分开运行 ${asked}。 One command at a time, and none of these was done: run ${asked} one after another.`,
  badFeedDays: (min: number, max: number) =>
    `FEED_DAYS 应为 ${min} 至 ${max} 的整数，请改正。 FEED_DAYS must be a whole number from ${min} to ${max}: correct it.`,
  migrated: (number: number) =>
    `数据库结构为第 ${number} 版，无须再做。 The schema is at ${number}: nothing more to do.`,
  migrateFirst: (there: number, wanted: number) =>
    `数据库结构为第 ${there} 版，本程序需要第 ${wanted} 版，而 DATABASE_URL 的角色无权更改：请设置 MIGRATE_DATABASE_URL（表的所有者）运行 npm run hub -- --migrate。 The schema is at ${there}, this hub needs ${wanted}, and the role in DATABASE_URL may not change it: run npm run hub -- --migrate with MIGRATE_DATABASE_URL of the tables' owner.`,
  roleUnnamed:
    'DATABASE_URL 里没有用户名，无法授权：请写成 postgres://角色:密码@主机/库。 DATABASE_URL names no user to be granted rights: write it as postgres://ROLE:PASSWORD@HOST/DATABASE.',
  entriesOpen:
    'DATABASE_URL 的角色是表的所有者，能改动记录：请为总台另设角色并设置 MIGRATE_DATABASE_URL（见 docs/operations.md 第 7 节）。 The role in DATABASE_URL owns the tables and could change entries: give the hub a role of its own and set MIGRATE_DATABASE_URL (docs/operations.md, 7).',
  badPin: `${refusalTexts['pin-weak'].zh} ${refusalTexts['pin-weak'].en}`,
  badRole: (role: string, known: string) =>
    `没有岗位 ${role}，请改为其中之一：${known}。 There is no role ${role}: use one of ${known}.`,
  pinRole:
    '只有保卫岗位使用 PIN；其他岗位会得到一次性密码。 Only guards use a PIN; other roles get a one-time password.',
  fileMissing: (file: string) => `读不到文件 ${file}，请检查路径。 ${file} cannot be read: check the path.`,
} as const;

export const demoTexts = {
  clinicName: '卫生所',
  station: '北门 1 号通道',
  staff: {
    ...{ admin: '管理员', nurse: '林护士', manager: '孙宿管', teacher: '周班主任' },
    ...{ guardOne: '王建国', guardTwo: '李秀兰' },
  },
  surnames: '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜',
  given: [
    '子涵',
    '雨桐',
    '浩然',
    '思远',
    '欣怡',
    '俊杰',
    '梓萱',
    '志强',
    '晓明',
    '丽华',
    '建军',
    '海燕',
    '文博',
    '佳宁',
    '天宇',
    '静怡',
  ],
  groups: [
    {
      category: '本科生',
      unit: '计算机学院',
      prefix: '2019',
      building: '3 号楼',
      class: '计科 1901 班',
      contact: '刘辅导员 8201',
    },
    {
      category: '研究生',
      unit: '环境学院',
      prefix: '2018',
      building: '5 号楼',
      class: '环研 1801 班',
      contact: '周辅导员 8202',
    },
    { category: '教职工', unit: '后勤处', prefix: '1000', building: '', class: '', contact: '后勤处 8301' },
    { category: '业务外包', unit: '食堂', prefix: '3000', building: '', class: '', contact: '食堂经理 8302' },
    { category: '随行家属', unit: '教工家属区', prefix: '4000', building: '', class: '', contact: '校值班室 8000' },
  ],
  room: (building: string, floor: number, bed: number) => `${building} ${floor}01-${bed}`,
  orderReason: '演示数据',
  defaultClinic: { name: '卫生所', phone: '8120' },
} as const;
