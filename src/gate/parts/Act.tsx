// Buttons and lines that say the same in both languages, named by the key of their text. Called by screens, panels and footer.
import type { Params } from '../../i18n/define.ts';
import { t } from '../../i18n/texts.ts';
import { Button, type ButtonKind } from '../../ui/button.tsx';
import type { IconName } from '../../ui/icons.tsx';
import { type Key, other } from './words.ts';

type Props = { word: Key; testId: string; onPress: () => void; icon?: IconName; kind?: ButtonKind };

export function Act({ word, ...rest }: Props) {
  return <Button label={t(word)} sub={other(word)} {...rest} />;
}

/** The same once more, in the language that is not in front. */
export function Other({ as: Tag = 'p', word, params, look = 'detail' }: OtherProps) {
  const { lang, text } = other(word, params);
  return (
    <Tag class={look} lang={lang}>
      {text}
    </Tag>
  );
}
type OtherProps = { as?: 'p' | 'span'; word: Key; params?: Params; look?: 'detail' | 'other' | 'button-sub' };

/** A sentence, and below it the same in the other language. */
export function Line({ word, look = 'line' }: { word: Key; look?: 'line' | '' }) {
  return (
    <>
      <p class={look}>{t(word)}</p>
      <Other word={word} />
    </>
  );
}
