// The readable half of every screen: icon, verdict word, the same word in the other language, then details. Called by screens.
import type { ComponentChildren } from 'preact';
import { language } from '../../i18n/define.ts';
import { t } from '../../i18n/texts.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Other } from './Act.tsx';
import type { Key } from './words.ts';

/** 168 px for up to four characters, 150 for five, 128 for what is longer or Latin and long. */
function sizeOf(word: string): 'normal' | 'five' | 'long' {
  if (language.value === 'en') return word.length <= 6 ? 'normal' : word.length <= 10 ? 'five' : 'long';
  return word.length <= 4 ? 'normal' : word.length === 5 ? 'five' : 'long';
}

export function Face({
  icon,
  word,
  before,
  children,
}: {
  icon: IconName;
  word: Key;
  before?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const text = t(word);
  return (
    <div class="face">
      <Icon name={icon} />
      {before}
      <h1 class="verdict" data-testid="verdict" data-size={sizeOf(text)}>
        {text}
      </h1>
      <Other word={word} look="other" />
      {children}
    </div>
  );
}
