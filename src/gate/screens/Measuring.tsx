// A card was read, or the thermometer is at work: name and role at once, and after 3 s the way by hand. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { Acts, Screen, Who } from '../model.ts';
import { Face } from '../parts/Face.tsx';
import { categoryText, other } from '../parts/words.ts';

function Name({ who }: { who: Who | null }) {
  return (
    <p class="title" data-testid="name">
      {who === null ? t('who.card') : t('who.row', { name: who.name, category: categoryText(who.category) })}
    </p>
  );
}

export function Card({ screen }: { screen: Extract<Screen, { name: 'card' }> }) {
  return <Face icon="dots" word="card.word" before={<Name who={screen.who} />} />;
}

type Props = { screen: Extract<Screen, { name: 'measuring' }>; card: string | null; acts: Acts };

export function Measuring({ screen, card, acts }: Props) {
  const line = other('measuring.line');
  return (
    <>
      <Face icon="dots" word={screen.saving ? 'measuring.saving' : 'measuring.word'} before={<Name who={screen.who} />}>
        {!screen.saving && (
          <>
            <p class="line">{t('measuring.line')}</p>
            <p class="detail" lang={line.lang}>
              {line.text}
            </p>
          </>
        )}
        {screen.nextWaits && <p class="line">{t('card.next')}</p>}
      </Face>
      {screen.handheld && (
        <div class="actions">
          <Button
            kind="primary"
            icon="keypad"
            label={t('act.handheld')}
            sub={other('act.handheld')}
            onPress={() => acts.keypad(card)}
            testId="handheld"
          />
          <Button label={t('act.refuse')} sub={other('act.refuse')} onPress={() => acts.refuse(card)} testId="refuse" />
          <Button label={t('act.leave')} sub={other('act.leave')} onPress={() => acts.leave(card)} testId="leave" />
        </div>
      )}
    </>
  );
}
