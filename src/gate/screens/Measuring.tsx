// A card was read, or the thermometer is at work: name and role at once, and after 3 s the way by hand. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { ScreenProps, Who } from '../model.ts';
import { Act, Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { categoryText } from '../parts/words.ts';

function Name({ who }: { who: Who | null }) {
  return (
    <p class="title" data-testid="name">
      {who === null ? t('who.card') : t('who.row', { name: who.name, category: categoryText(who.category) })}
      {who?.watchDay !== undefined && (
        <span class="watch-day" data-testid="watch-day">
          {t('watch.day', { n: who.watchDay })}
        </span>
      )}
    </p>
  );
}

export function Card({ screen }: ScreenProps<'card'>) {
  return <Face icon="dots" word="card.word" before={<Name who={screen.who} />} />;
}

export function Measuring({ screen, acts }: ScreenProps<'measuring'>) {
  return (
    <>
      <Face icon="dots" word={screen.saving ? 'measuring.saving' : 'measuring.word'} before={<Name who={screen.who} />}>
        {!screen.saving && <Line word="measuring.line" />}
        {screen.nextWaits && <p class="line">{t('card.next')}</p>}
      </Face>
      {screen.handheld && (
        <div class="actions">
          <Act kind="primary" icon="keypad" word="act.handheld" onPress={() => acts.keypad()} testId="handheld" />
          <Act word="act.refuse" onPress={acts.refuse} testId="refuse" />
          <Act word="act.leave" onPress={acts.leave} testId="leave" />
        </div>
      )}
    </>
  );
}
