// A guard's cards, typed as printed on them or by the chip's number. Rendered by AdminPage.
import { useSignal } from '@preact/signals';
import type { CardsRequest, StaffRow } from '../contracts/admin.ts';
import { adminTexts } from '../i18n/admin.ts';
import { ActDialog } from './ActDialog.tsx';
import type { Admin } from './admin-state.ts';

const { t } = adminTexts;

export const limits = { cards: 4, chars: 60 } as const;
type Card = CardsRequest['cards'][number];

export function CardsDialog({ admin, who, onClose }: { admin: Admin; who: StaffRow; onClose(): void }) {
  const cards = useSignal<readonly Card[]>([{ kind: 'printed', number: '' }]);
  const put = (at: number, change: Partial<Card>) => {
    cards.value = cards.value.map((card, i) => (i === at ? { ...card, ...change } : card));
  };
  const given = () => cards.value.filter(({ number }) => number.trim() !== '');
  return (
    <ActDialog
      title={t('cards-title', { name: who.name })}
      testid="cards-dialog"
      text={t('cards-text')}
      label={t('save')}
      act={() => admin.setCards(who.staffId, given())}
      onClose={onClose}
    >
      {who.cards.length > 0 && <p class="hint">{t('cards-now', { cards: who.cards.join(' ') })}</p>}
      {cards.value.map((card, at) => (
        <div class="add-scope" key={at}>
          <select
            aria-label={t('set-cards')}
            value={card.kind}
            onChange={(e) => put(at, { kind: e.currentTarget.value === 'uid' ? 'uid' : 'printed' })}
          >
            <option value="printed">{t('card-printed')}</option>
            <option value="uid">{t('card-uid')}</option>
          </select>
          <input
            name={`card-${at}`}
            aria-label={t(card.kind === 'uid' ? 'card-uid' : 'card-printed')}
            autocomplete="off"
            maxLength={limits.chars}
            value={card.number}
            onInput={(e) => put(at, { number: e.currentTarget.value })}
          />
        </div>
      ))}
      {cards.value.length < limits.cards && (
        <button
          type="button"
          data-testid="add-card"
          onClick={() => (cards.value = [...cards.value, { kind: 'printed', number: '' }])}
        >
          {t('add-card')}
        </button>
      )}
    </ActDialog>
  );
}
