// The barrier opens: the number, the name, the college. Painted by GateScreen, gone after 1.5 s or at the next card.
import { t } from '../../i18n/texts.ts';
import type { ScreenProps } from '../model.ts';
import { Face } from '../parts/Face.tsx';

export function Admitted({ screen }: ScreenProps<'admit'>) {
  return (
    <Face icon="tick" word="admit.word">
      {screen.shown !== null && (
        <p class="shown">
          <span data-testid="shown">{screen.shown}</span>
          <small>{t('celsius')}</small>
        </p>
      )}
      {screen.who !== null && (
        <div>
          <p class="title" data-testid="name">
            {screen.who.name}
          </p>
          <p class="detail">{screen.who.unit}</p>
        </div>
      )}
    </Face>
  );
}
