// How names are found by their letters.
import { expect, it } from 'vitest';
import { nameKeysOf } from '../../hub/name-keys.ts';

it.each([
  ['张三', 'zs zhangsan'],
  ['单雄信', 'sxx shanxiongxin'],
  ['曾国藩', 'zgf zengguofan'],
  ['欧阳修', 'oyx ouyangxiu'],
  ['尉迟恭', 'ycg yuchigong'],
  ['吕布', 'lb lvbu'],
  ['Li Ming', 'lm liming'],
  ['阿卜杜拉·买买提', 'abdlmmt abudulamaimaiti'],
  ['=1', '1 1'],
  ['😀', '-'],
])('%s is found as %s', (name, keys) => expect(nameKeysOf(name)).toBe(keys));

it('reads 50,000 names without holding up the hub', () => {
  const start = performance.now();
  for (let i = 0; i < 50_000; i++)
    nameKeysOf(
      `${'张王李赵刘陈杨黄'[i % 8]}${String.fromCodePoint(0x4e00 + (i % 3_000))}${String.fromCodePoint(0x5000 + (i % 1_500))}`,
    );
  console.info(`50,000 names in ${Math.round(performance.now() - start)} ms`);
});
