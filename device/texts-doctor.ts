// What the doctor says, Chinese and English: each sentence tells what was seen and what to do. Called by device/doctor and by its
// program; the settings page shows the same sentences.
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const doctorTexts = {
  usage: () =>
    both(
      '用法：npm run -s doctor -- [--config gate.config.json] [--path 串口]... [--seconds 1..60] [--ask] [--ask-profile 型号]... [--json]。',
      'Usage: npm run -s doctor -- [--config gate.config.json] [--path PORT]... [--seconds 1..60] [--ask] [--ask-profile NAME]... [--json].',
    ),
  wrongUse: (why: string) => both(`参数有误（${why}）。`, `Wrong arguments (${why}).`),
  unknownProfile: (name: string, known: string) =>
    both(
      `没有可询问的型号 ${name}，可用：${known}。`,
      `There is no profile ${name} that can be asked; use one of: ${known}.`,
    ),
  title: () =>
    both('串口设备检查：只听不写，不保存任何结论', 'Serial devices: listened to, not written to; nothing is stored'),
  titleAsk: () =>
    both(
      '串口设备检查：没有声音的串口会被询问（若接着继电器，可能会动作），不保存任何结论',
      'Serial devices: silent ports are asked (a relay behind one might click); nothing is stored',
    ),
  listening: (seconds: number) =>
    both(
      `每个串口最多听 ${seconds} 秒；若是读卡器，请现在连续刷几次卡。`,
      `Each port is listened to for up to ${seconds} s; if one is a card reader, tap a card a few times now.`,
    ),
  allWell: () => both('结论：都正常。', 'All is well.'),
  somethingWrong: (count: number) => both(`结论：有 ${count} 处需要处理。`, `${count} thing(s) to be put right.`),
  // The machine.
  noPorts: () =>
    both(
      '没有找到串口：请插好 USB 线；虚拟机要把设备转给它；仍没有请看 dmesg。',
      'No serial port was found: plug in the USB cable; a virtual machine must be given the device; then look at dmesg.',
    ),
  modemManager: (pid: number) =>
    both(
      `ModemManager（进程 ${pid}）正在运行，会占用新插上的串口约十秒：请执行 sudo apt remove modemmanager，或用 udev 规则 ENV{ID_MM_DEVICE_IGNORE}="1"。`,
      `ModemManager (process ${pid}) runs and takes new ports for about ten seconds: sudo apt remove modemmanager, or a udev rule ENV{ID_MM_DEVICE_IGNORE}="1".`,
    ),
  brltty: () =>
    both(
      'brltty 正在运行，会把这种串口芯片当作盲文显示器拿走：请执行 sudo apt remove brltty，再拔插一次。',
      'brltty runs and takes adapters with this chip for Braille displays: sudo apt remove brltty, then unplug and plug in again.',
    ),
  partial: () =>
    both(
      '看不到其他用户的程序打开了哪些文件；要看全，请用 sudo 再运行一次。',
      "Other users' open files cannot be seen; run once with sudo to see all of them.",
    ),
  // A port.
  chip: (chip: string, numbers: string) => both(`USB 转串口 ${chip}（${numbers}）`, `USB adapter ${chip} (${numbers})`),
  builtIn: () => both('非 USB 串口', 'not a USB port'),
  lookAlike: (path: string) =>
    both(
      `有两个同样的转换器，没有序列号，只能按插口区分：配置里请写 ${path}，并且不要换插口。`,
      `Two adapters of this kind have no serial number and differ by their socket alone: name ${path} in the configuration and leave it in that socket.`,
    ),
  noPlace: (device: string) =>
    both(
      `${device} 没有 by-path 名称，重新插拔后编号可能改变：只有一个串口时才可以这样写。`,
      `${device} has no by-path name and may get another number after a replug: good for a single port only.`,
    ),
  absent: (path: string) =>
    both(`没有 ${path}：请插好线，或改正路径。`, `There is no ${path}: plug in the cable, or correct the path.`),
  joinGroup: (user: string, group: string) =>
    both(
      `没有权限：请执行 sudo usermod -aG ${group} ${user}，然后重新登录。`,
      `No permission: sudo usermod -aG ${group} ${user}, then sign in again.`,
    ),
  signInAgain: (user: string, group: string) =>
    both(
      `没有权限：${user} 已在 ${group} 组，但本次登录还没有生效，请重新登录。`,
      `No permission: ${user} is in the group ${group} already, but not in this session: sign in again.`,
    ),
  noGroup: (device: string) =>
    both(
      `没有权限，也没有可加入的组：请加 udev 规则 KERNEL=="${device}", GROUP="dialout", MODE="0660"，再拔插一次。`,
      `No permission, and no group that would help: add a udev rule KERNEL=="${device}", GROUP="dialout", MODE="0660", then plug in again.`,
    ),
  heldByModemManager: (pid: number) =>
    both(
      `被 ModemManager（进程 ${pid}）占用：请执行 sudo apt remove modemmanager，再拔插一次。`,
      `Held by ModemManager (process ${pid}): sudo apt remove modemmanager, then plug in again.`,
    ),
  heldByBrltty: (pid: number) =>
    both(
      `被 brltty（进程 ${pid}）占用：请执行 sudo apt remove brltty，再拔插一次。`,
      `Held by brltty (process ${pid}): sudo apt remove brltty, then plug in again.`,
    ),
  heldByBridge: (pid: number) =>
    both(
      `正由设备盒程序（进程 ${pid}）使用：请看设置页 /settings，或先停止它再检查。`,
      `In use by the bridge (process ${pid}): look at its page /settings, or stop it first.`,
    ),
  heldBy: (name: string, pid: number) =>
    both(
      `被程序 ${name}（进程 ${pid}）占用，两个程序同读会丢字节：请关闭它（kill ${pid}）后再检查。`,
      `Held by ${name} (process ${pid}); two readers lose bytes to each other: end it (kill ${pid}) and look again.`,
    ),
  heldByUnknown: (path: string) =>
    both(
      `被别的程序锁住，看不到是谁：请执行 sudo fuser -v ${path}。`,
      `Locked by a program that cannot be seen from here: sudo fuser -v ${path}.`,
    ),
  own: (deviceId: string, profile: string) =>
    both(
      `正由本程序使用：${deviceId}（${profile}），状态见“设备”。`,
      `In use by this bridge as ${deviceId} (${profile}): see "Devices".`,
    ),
  unsuitable: () => both('这不是串口，请改正路径。', 'This is no serial port: correct the path.'),
  unwired: (device: string) =>
    both(
      `主机自带的串口，没有声音：没有接设备就不用管；接了请指明它（--path ${device}）再查。`,
      `A port of the machine itself, and silent: nothing to do when nothing is wired to it; otherwise name it (--path ${device}) and look again.`,
    ),
  failed: (reason: string) =>
    both(`打不开（${reason}）：请拔下再插上。`, `Does not open (${reason}): unplug it and plug it in again.`),
  gone: () => both('听的时候断开了：请看插头和线。', 'It went away while being listened to: look at plug and cable.'),
  // What was heard.
  sure: (profile: string, good: number, baud: number) =>
    both(
      `像是 ${profile}：${baud} 波特收到 ${good} 个校验正确的帧。请用手或卡核对数值后再写入配置。`,
      `Looks like ${profile}: ${good} frames with a good check at ${baud} baud. Hold a hand or a card to it before you write it down.`,
    ),
  likely: (profile: string, good: number, bad: number, baud: number) =>
    both(
      `可能是 ${profile}：${baud} 波特有 ${good} 个校验正确的帧、${bad} 段无法识别。请再刷卡或多听几秒（--seconds）。`,
      `May be ${profile}: ${good} frames with a good check and ${bad} bad runs at ${baud} baud. Tap again, or listen longer (--seconds).`,
    ),
  unchecked: (profile: string, count: number, baud: number) =>
    both(
      `可能是 ${profile}：${baud} 波特有 ${count} 个读数，但这种格式没有校验，错的也可能像对的。请逐个核对。`,
      `May be ${profile}: ${count} values at ${baud} baud, of a format without a check: what is wrong may look right. Compare each.`,
    ),
  several: (profiles: string, baud: number) =>
    both(
      `${baud} 波特的字节同样符合：${profiles}。字节分不出来，请看设备标签。`,
      `The bytes at ${baud} baud fit all of these: ${profiles}. Only the label on the device tells which.`,
    ),
  text: (baud: number, sample: string) =>
    both(
      `${baud} 波特收到文本“${sample}”，没有现成型号：请用型号 line 并给出 pattern。`,
      `Text at ${baud} baud, such as "${sample}", which no profile reads by itself: use the profile line with a pattern.`,
    ),
  noise: (bytes: number, bauds: string) =>
    both(
      `收到 ${bytes} 字节，但在 ${bauds} 波特都不成帧：波特率不对、接线接触不良，或是未知设备。请看说明书上的波特率。`,
      `${bytes} bytes came, but no frame at ${bauds} baud: a wrong rate, a loose wire, or an unknown device. Look for the rate in its manual.`,
    ),
  silence: () =>
    both(
      '没有收到字节：读卡器不刷卡、问答式测温仪和继电器本来就不出声。若是测温仪，可在确认后面不是继电器后加 --ask；也请看供电和 TX/RX。',
      'Not a byte came: readers without a card, thermometers that must be asked, and relays say nothing. For a thermometer add --ask once you know that no relay is behind it; look at power and TX/RX too.',
    ),
  silenceAsked: (profiles: string) =>
    both(
      `问过 ${profiles}，都没有回答：请看供电、TX/RX 是否交叉、波特率；读卡器请刷卡，继电器不会出声。`,
      `Asked as ${profiles}, and no answer came: look at power, crossed TX/RX and the rate; tap a card if it is a reader; a relay says nothing.`,
    ),
  notAsked: (profiles: string) =>
    both(
      `没有询问 ${profiles}：它们的问句会让 HW-667 继电器动作。确认没有继电器后，用 --ask-profile 指定。`,
      `Not asked as ${profiles}: their questions make a HW-667 relay click. Name one with --ask-profile once you know that there is no relay.`,
    ),
  // Against the configuration.
  matches: (deviceId: string, profile: string) =>
    both(`与配置相符：${deviceId} 是 ${profile}。`, `As configured: ${deviceId} speaks ${profile}.`),
  differs: (deviceId: string, profile: string) =>
    both(
      `与配置不符：${deviceId} 在配置中是 ${profile}，听到的不是。请改正型号、波特率，或看是不是插错了口。`,
      `Not as configured: ${deviceId} is ${profile} in the configuration, and that is not what was heard. Correct profile or baud rate, or look whether two plugs were swapped.`,
    ),
  expectedSilent: (deviceId: string, profile: string) =>
    both(
      `${deviceId}（${profile}）应该自己发数据，却没有声音：请看供电、TX/RX 和波特率。`,
      `${deviceId} (${profile}) should speak by itself and says nothing: look at power, TX/RX and baud rate.`,
    ),
  expectedCard: (deviceId: string) =>
    both(
      `${deviceId} 是读卡器，没有刷卡所以没有声音；刷一次卡再检查更可靠。`,
      `${deviceId} is a reader and nobody tapped: run again and tap a card to be sure.`,
    ),
  expectedQuery: (deviceId: string) =>
    both(
      `${deviceId} 要问才答，没有询问；确认插口没有换过后可加 --ask。`,
      `${deviceId} answers only when asked, and was not: add --ask once you know that no plugs were swapped.`,
    ),
  barrierLeft: (deviceId: string) =>
    both(
      `${deviceId} 是道闸，不打开、不写入；请在门岗页面核对。`,
      `${deviceId} is a barrier: neither opened nor written to; try it at the gate.`,
    ),
  // A value.
  reading: (object: string, body: string, ambient: string) =>
    both(
      [object && `物体 ${object}`, body && `体温 ${body}`, ambient && `环境 ${ambient}`].filter(Boolean).join('，'),
      [object && `object ${object}`, body && `body ${body}`, ambient && `ambient ${ambient}`]
        .filter(Boolean)
        .join(', '),
    ),
  proposalLine: () =>
    both(
      '配置 devices 中的一行（自己写入，本程序不写）：',
      'A line for "devices" of the configuration (you write it, the doctor does not):',
    ),
  values: () => both('当前数值：', 'Values now:'),
};
