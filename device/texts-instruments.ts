// What the bridge says to whoever leads a check on a thermometer, Chinese first. Called by instrument-http.
import { limits as checkLimits } from '../src/domain/instrument-check.ts';
import type { Policy } from '../src/domain/policy.ts';
import { textOfTenths } from '../src/domain/reading.ts';
import type { InstrumentRefusal } from './instruments.ts';
import type { Sentence } from './texts.ts';

const both = (zh: string, en: string): Sentence => ({ zh, en });
const degrees = (centi: number): string => String(centi / 100);

export const instrumentTexts = {
  refusals: (policy: Policy): Record<InstrumentRefusal, Sentence> => {
    const samples = policy.checkSamples;
    const apartC = textOfTenths(policy.slopeApartTenths);
    const body = [policy.rangeMinTenths, policy.rangeMaxTenths].map(textOfTenths);
    return {
      'unknown-device': both(
        '没有这个测温仪，请刷新设置页面。',
        'There is no such thermometer: reload the settings page.',
      ),
      warming: both(
        '测温仪还在预热，请等预热结束（或先填写通电时间）再检查。',
        'The thermometer is still warming up: wait until it is warm (or tell its power-on first), then check it.',
      ),
      'not-saved': both(
        '结果已生效，但没能写入本机磁盘，请清理磁盘后再检查一次。',
        'The outcome is in force but could not be written to the disk: free space, then check once more.',
      ),
      'too-few': both(
        `读数还不够（需要 ${samples} 个），请让被测者或目标保持在测温仪前，稍等再按。`,
        `Not enough values yet (${samples} are needed): keep the person or target before the thermometer and press again in a moment.`,
      ),
      unsteady: both(
        '读数不稳，请让人或目标不动、距离不变，再按一次。',
        'The values do not stand still: keep person or target at rest and at the same distance, then press again.',
      ),
      'not-a-body': both(
        '测到的不是人体温度，请站到黄线、露出额头后再按。',
        'That is not the temperature of a body: stand on the line, bare the forehead, then press again.',
      ),
      'no-offset': both(
        '测温仪没有体温补偿（bodyOffsetC），请先写入配置；在此之前只能做斜率检查。',
        'The thermometer has no body offset: write bodyOffsetC into the configuration first; until then only the slope can be checked.',
      ),
      'known-out-of-range': both(
        `填写的温度不合适：人的接触体温应为 ${body.join(' 到 ')} ℃，目标应为 ${degrees(checkLimits.targetMinCenti)} 到 ${degrees(checkLimits.targetMaxCenti)} ℃，请重填。`,
        `That temperature does not fit: a contact reading is ${body.join(' to ')} ℃, a target ${degrees(checkLimits.targetMinCenti)} to ${degrees(checkLimits.targetMaxCenti)} ℃: give another.`,
      ),
      'too-close': both(
        `两个目标的温度太接近，请让它们至少相差 ${apartC} ℃，再测第二个。`,
        `The two targets are too close: make them at least ${apartC} ℃ apart, then measure the second.`,
      ),
      'too-far': both(
        `两个目标的温度相差太大，请让它们相差不超过 ${checkLimits.targetsApartMaxTenths / 10} ℃，再测第二个。`,
        `The two targets are too far apart: keep them within ${checkLimits.targetsApartMaxTenths / 10} ℃, then measure the second.`,
      ),
      'wrong-kind': both(
        '对比检查用人或参考源，斜率检查用两个目标，请选对后重试。',
        'A shift check takes people or a reference, a slope check two targets: choose the right one and try again.',
      ),
      'two-references': both(
        '对比检查至少要有一个人，请换一个人来测。',
        'A shift check needs at least one person: measure a person now.',
      ),
    };
  },
} as const;
