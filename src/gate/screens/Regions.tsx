// The office's list of regions below the travel question: what three lines hold, and on a touch the whole of it, a screenful at a
// time. Painted by Hold.
import type { Region } from '../../contracts/region.ts';
import { langTag, language, languages } from '../../i18n/define.ts';
import { regionNames } from '../../i18n/region-names.ts';
import { t } from '../../i18n/texts.ts';
import { Other } from '../parts/Act.tsx';

/** Two lines in the language in front, one in the other where it tells something else, and how many there are. */
export function SomeRegions({ regions, onAll }: { regions: readonly Region[]; onAll: () => void }) {
  const n = regions.length;
  const told = languages.map((which) => ({ lang: langTag[which], names: regionNames(regions, which) }));
  if (language.value === 'en') told.reverse();
  return (
    <button type="button" class="regions" data-testid="regions" onClick={onAll}>
      <span>
        {told.map(
          ({ lang, names }, index) =>
            names !== told[index - 1]?.names && (
              <span key={lang} class="names" lang={lang}>
                {names}
              </span>
            ),
        )}
      </span>
      <b>
        {t('questions.all', { n })}
        <Other as="span" word="questions.all" params={{ n }} look="button-sub" />
      </b>
    </button>
  );
}

/** Screenful `page`, from 1; touched, it asks for the one behind it, and for 0 after the last. */
export function AllRegions(props: { regions: readonly Region[]; page: number; onTurn: (page: number) => void }) {
  const { regions, page, onTurn } = props;
  return (
    <button
      type="button"
      class="face all-regions"
      data-testid="regions-all"
      onClick={({ currentTarget }) => {
        // Screenfuls lie side by side as columns: how many there are is seen, whatever the font.
        const { scrollWidth, clientWidth } = currentTarget.querySelector('.pages > span') ?? currentTarget;
        onTurn(page * clientWidth < scrollWidth - 1 ? page + 1 : 0);
      }}
    >
      <span class="title">{t('questions.listed')}</span>
      <Other as="span" word="questions.listed" look="other" />
      <span class="pages">
        <span style={{ translate: `${(1 - page) * 100}%` }}>
          {regions.map((one) => (
            <span key={one.zh}>{one[language.value] || one.zh} </span>
          ))}
        </span>
      </span>
      <span class="detail">
        {t('questions.turn')} <Other as="span" word="questions.turn" look="button-sub" />
      </span>
    </button>
  );
}
