// Who stepped off the lane and is not done: one chip each, without a name. Painted by GateScreen; a tap resumes.
import { Component } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import type { Chip } from '../model.ts';
import { timerText } from './words.ts';

/** Three fit side by side at 112 px or more; the last place turns the page when there are more. */
export const limits = { perPage: 3 } as const;

const icons: Record<Chip['kind'], IconName> = {
  refer: 'hand',
  again: 'again',
  hold: 'question',
  measuring: 'dots',
  trouble: 'plug',
};
const words = {
  refer: 'chip.refer',
  again: 'chip.again',
  hold: 'chip.hold',
  measuring: 'measuring.word',
  trouble: 'chip.again',
} as const;

function ChipButton({ chip, onPress }: { chip: Chip; onPress: () => void }) {
  const acknowledged = chip.caseState === 'acknowledged' || chip.caseState === 'arrived';
  return (
    <button
      type="button"
      class="chip"
      data-testid="chip"
      data-kind={chip.kind}
      data-case-state={chip.caseState ?? ''}
      onClick={onPress}
    >
      <Icon name={acknowledged ? 'tick' : icons[chip.kind]} />
      <span>
        <b>{t(words[chip.kind])}</b>
        <span>
          {chip.mark} {timerText(chip.forMs)}
        </span>
      </span>
    </button>
  );
}

type Props = { chips: readonly Chip[]; onResume: (card: string | null) => void };

export class Chips extends Component<Props, { page: number }> {
  override state = { page: 0 };

  override render({ chips, onResume }: Props, { page }: { page: number }) {
    if (chips.length === 0) return <div class="no-chips" />;
    const paged = chips.length > limits.perPage;
    const size = paged ? limits.perPage - 1 : limits.perPage;
    const pages = Math.ceil(chips.length / size);
    const from = (page % pages) * size;
    const seen = chips.slice(from, from + size);
    return (
      <ul class="chips" aria-label={t('chip.count', { n: chips.length })}>
        {seen.map((chip) => (
          <li key={`${chip.card}`}>
            <ChipButton chip={chip} onPress={() => onResume(chip.card)} />
          </li>
        ))}
        {paged && (
          <li>
            <button
              type="button"
              class="chip"
              data-kind="more"
              data-testid="chips-more"
              onClick={() => this.setState({ page: (page + 1) % pages })}
            >
              <Icon name="again" />
              <b>{t('chip.more', { n: chips.length - seen.length })}</b>
            </button>
          </li>
        )}
      </ul>
    );
  }
}
