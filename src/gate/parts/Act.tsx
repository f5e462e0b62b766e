// A button and a line that say the same in both languages, named by the key of their text. Called by screens and footer.
import { t } from '../../i18n/texts.ts';
import { Button, type ButtonKind } from '../../ui/button.tsx';
import type { IconName } from '../../ui/icons.tsx';
import { type Key, other } from './words.ts';

type Props = { word: Key; testId: string; onPress: () => void; icon?: IconName; kind?: ButtonKind };

export function Act({ word, ...rest }: Props) {
  return <Button label={t(word)} sub={other(word)} {...rest} />;
}

/** A sentence, and below it the same in the other language. */
export function Line({ word }: { word: Key }) {
  const second = other(word);
  return (
    <>
      <p class="line">{t(word)}</p>
      <p class="detail" lang={second.lang}>
        {second.text}
      </p>
    </>
  );
}
