// Sentences about devices that share an OSDP line and about the feedback of the barrier, for whoever writes the configuration.
// Called by config-osdp and config.
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });

export const lineTexts = {
  onlyOsdp: (key: string, profile: string) =>
    both(
      `${key} 只用于 OSDP 设备，${profile} 不需要，请删除。`,
      `${key} is for OSDP devices only, ${profile} has none: remove it.`,
    ),
  noAddress: (key: string) =>
    both(
      `${key}：OSDP 设备须写明地址，请填 0 到 126 的整数。`,
      `${key}: an OSDP device needs its address: give a whole number from 0 to 126.`,
    ),
  channelOfOsdp: (key: string) =>
    both(
      `${key}：OSDP 道闸请用 output（从 0 起）代替 channel。`,
      `${key}: an OSDP barrier has "output" (0 = first) in the place of "channel": rename it.`,
    ),
  pulseSteps: (key: string) =>
    both(
      `${key}：OSDP 设备自己计时，以 100 毫秒为单位，请填 100 的整数倍。`,
      `${key}: an OSDP device times its output in steps of 100 ms: give a multiple of 100.`,
    ),
  defaultKey: (key: string) =>
    both(
      `${key} 是出厂默认密钥（SCBK-D），人人皆知，不能保护读卡器；请为读卡器写入自己的密钥，仅在安装调试时加 "installMode": true。`,
      `${key} is the key that every new device has (SCBK-D) and protects nothing: give the device a key of its own; only while installing, add "installMode": true.`,
    ),
  installWithoutKey: (key: string) =>
    both(
      `${key}：installMode 只用于以默认密钥（SCBK-D）安装调试，请删除。`,
      `${key}: installMode is only for installing with the default key (SCBK-D): remove it.`,
    ),
  differs: (key: string, path: string, address: string) =>
    both(
      `${key} 与同一线路 ${path} 上其他设备的写法不同（${address}），请改为一致。`,
      `${key} differs from what another device on the line ${path} says (${address}): make them the same.`,
    ),
  twice: (key: string, path: string, address: number) =>
    both(
      `${key}：线路 ${path} 上地址 ${address} 的这一功能已有设备，请删除一个。`,
      `${key}: address ${address} on the line ${path} has a device for this already: remove one.`,
    ),
  twoFeedbacks: (key: string) =>
    both(
      `${key}：一个站点只能有一个通行反馈（feedback），请删除多余的。`,
      `${key}: a station has one feedback: remove the other.`,
    ),
  noInputs: (key: string, profile: string, known: string) =>
    both(
      `${key}：设备类型 ${profile} 没有可读的输入口，不能作通行反馈；可用：${known}。`,
      `${key}: the profile ${profile} has no inputs to read and cannot be a feedback: use one of ${known}.`,
    ),
};
