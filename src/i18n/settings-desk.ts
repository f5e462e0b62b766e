// Every text of the settings' panels for sound and keys, rows of paper, and fault codes, Chinese and English side by side. Used by
// src/settings/panels.
import { pairTexts } from './define.ts';

export const deskTexts = pairTexts({
  'tab-sound': ['声音按键', 'Sound, keys'],
  'tab-paper': ['补录', 'Paper'],
  'tab-codes': ['故障代码', 'Codes'],

  'sound-title': ['音量', 'Loudness'],
  'sound-day': ['白天（06:00–22:00）{n}%', 'By day (06:00–22:00) {n}%'],
  'sound-night': ['夜间（22:00–06:00）{n}%', 'At night (22:00–06:00) {n}%'],
  'sound-test': ['试听', 'Sound test'],
  'sound-now': [
    '按现在的时段播放；提示音后面接录音（有录音时）。',
    'Plays as of now; a recorded clip follows where there is one.',
  ],
  'tone-tick': ['刷卡', 'Card'],
  'tone-admit': ['通行', 'Admit'],
  'tone-again': ['再测', 'Again'],
  'tone-refer': ['移交', 'Refer'],
  'tone-deny': ['暂缓', 'Deny'],
  'tone-fault': ['故障', 'Fault'],
  'clips-none': ['没有录音，只有提示音。', 'No recorded clips: tones alone.'],
  'clips-some': ['录音 {n} 段', '{n} recorded clips'],
  'keys-title': ['戴手套用的两个实体键', 'Two physical keys for gloves'],
  'keys-note': [
    '按下面的按钮，再按一下键盘上的键。第一个键：处理当前画面（已移交、再测、关闭、重新连接）；第二个键：下一个待处理的人。',
    'Press a button here, then the key. The first does the screen’s next act (handed over, again, close, reconnect); the second goes to the next chip.',
  ],
  'keys-acknowledge': ['处理：{key}', 'Acknowledge: {key}'],
  'keys-next': ['下一个：{key}', 'Next: {key}'],
  'keys-press': ['请按一个键', 'Press a key'],
  'keys-same': ['两个键不能相同', 'The two keys must differ'],
  'keys-reset': ['恢复默认', 'Defaults'],

  'paper-title': ['停电登记表补录', 'Rows of the paper form'],
  'paper-note': [
    '逐行照表录入。补录不会开闸；37.3 及以上会上报卫生所，并标记为迟报。录入人记为您。',
    'Type row by row as written. Nothing opens; 37.3 or more is reported to the clinic, marked late. You are named as who typed it.',
  ],
  'paper-print': ['打印空白表', 'Print a blank form'],
  'paper-day': ['日期', 'Day'],
  'paper-today': ['今天', 'Today'],
  'paper-yesterday': ['昨天', 'Yesterday'],
  'paper-time': ['时间（0745）', 'Time (0745)'],
  'paper-number': ['卡面号或学号', 'Card or student number'],
  'paper-value': ['体温（364 就是 36.4）', 'Temperature (364 is 36.4)'],
  'paper-method': ['体温计', 'Thermometer'],
  'paper-infrared': ['红外', 'Infrared'],
  'paper-contact': ['接触式', 'Contact'],
  'paper-result': ['结果', 'Result'],
  'paper-passed': ['通行', 'Passed'],
  'paper-aside': ['一旁等候', 'Aside'],
  'paper-turned-back': ['劝返', 'Turned back'],
  'paper-add': ['加一行', 'Add the row'],
  'paper-wrong': [
    '请检查时间（4 位）、号码和体温（34.0–42.0）',
    'Check time (4 digits), number and temperature (34.0–42.0)',
  ],
  'paper-rows': ['待保存 {n} 行', '{n} rows to be saved'],
  'paper-remove': ['删除', 'Remove'],
  'paper-save': ['全部保存', 'Save all'],
  'paper-saved': [
    '已保存 {n} 行，其中 {cases} 行已上报卫生所',
    '{n} rows saved, {cases} of them reported to the clinic',
  ],
  'paper-full': ['满一张表（25 行），请先保存', 'A full sheet (25 rows): save first'],

  'codes-title': ['故障代码：说什么，做什么', 'Fault codes: what they say, what to do'],
  'codes-code': ['代码', 'Code'],
  'codes-what': ['含义', 'What'],
  'codes-do': ['做什么', 'What to do'],
});
