// The middle: tools, floors with their rooms as tiles, and below what is known of the bed at hand. Rendered by RoundsPage.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { roundsTexts } from '../i18n/rounds.ts';
import { BedDetail } from './BedDetail.tsx';
import type { Bed, Group } from './round-book.ts';
import type { Panel } from './round-keys.ts';
import type { Rounds } from './rounds-controller.ts';
import { standingText } from './show.ts';
import { word } from './words.ts';

const { t } = roundsTexts;
const tools: readonly Exclude<Panel, 'none' | 'symptoms' | 'refer' | 'late'>[] = [
  'find',
  'paste',
  'found',
  'close',
  'keys',
];

export function Rooms({ rounds, notes }: { rounds: Rounds; notes: ComponentChildren }) {
  const book = rounds.book.value;
  return (
    <main class="middle">
      <div class="tools">
        <button
          type="button"
          class="filter"
          data-testid="only-missing"
          aria-pressed={rounds.onlyDue.value}
          onClick={() => rounds.setOnlyDue(!rounds.onlyDue.value)}
        >
          {t('only-missing')}
        </button>
        {tools.map((panel) => (
          <button
            key={panel}
            type="button"
            data-testid={`tool-${panel}`}
            onClick={() => {
              if (panel === 'paste') rounds.pasted.value = null;
              rounds.press({ on: 'open', panel });
            }}
          >
            {t(panel)}
          </button>
        ))}
      </div>
      {notes}
      {book === null && (
        <p class="note" data-testid="no-sheet">
          {rounds.noPlaces.value ? word(rounds.scope.value, 'no-places') : t('no-sheet')}
        </p>
      )}
      {book !== null && book.beds.length === 0 && <p class="note">{word(rounds.scope.value, 'no-people')}</p>}
      {book !== null && book.figures.missing === 0 && book.figures.expected > 0 && (
        <p class="note note-good" data-testid="all-done">
          {t('all-done')}
        </p>
      )}
      {book !== null && book.moved > 0 && <p class="note note-old">{t('moved', { n: book.moved })}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reached by keyboard */}
      <section class="floors" aria-label={t(rounds.scope.value === 'class' ? 'class-list' : 'floor-none')} tabIndex={0}>
        {book?.groups.map((group) => (
          <Floor key={`${group.title} ${group.floor}`} group={group} rounds={rounds} />
        ))}
      </section>
      <BedDetail rounds={rounds} />
    </main>
  );
}

function Floor({ group, rounds }: { group: Group; rounds: Rounds }) {
  const at = rounds.at.value;
  const onlyDue = rounds.onlyDue.value;
  const rooms = group.rooms.filter(({ beds }) => !onlyDue || beds.some((bed) => bed.isDue || bed.row.personId === at));
  if (rooms.length === 0) return null;
  return (
    <section>
      <h2>{groupText(group)}</h2>
      <div class="tiles">
        {rooms.map(({ room, beds }) => (
          <Tile key={room} room={room} beds={beds} at={at} onTap={(personId) => rounds.press({ on: 'go', personId })} />
        ))}
      </div>
    </section>
  );
}

function groupText({ title, floor }: Group): string {
  switch (title) {
    case 'first':
      return t('first-group');
    case 'class':
      return t('class-list');
    case 'floor':
      return floor === '' ? t('floor-none') : t('floor', { floor });
    default:
      return title satisfies never;
  }
}

function Tile(props: { room: string; beds: readonly Bed[]; at: string | null; onTap(personId: string): void }) {
  const { room, beds, at } = props;
  const tile = useRef<HTMLButtonElement>(null);
  const isHere = beds.some((bed) => bed.row.personId === at);
  useEffect(() => {
    if (isHere) tile.current?.scrollIntoView({ block: 'nearest' });
  }, [isHere]);
  const isUnsent = beds.some((bed) => bed.isUnsent);
  const label = tileText(room, beds);
  return (
    <button
      ref={tile}
      type="button"
      class={isHere ? 'tile tile-here' : 'tile'}
      data-testid="tile"
      data-room={room}
      aria-current={isHere ? 'true' : undefined}
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => props.onTap(nextIn(beds, at))}
    >
      <span class="visually-hidden">{isUnsent ? `${label}. ${t('here-unsent')}` : label}</span>
      <span class="tile-room" aria-hidden="true">
        {beds[0]?.scope === 'class' ? beds[0].row.name : room}
        {isUnsent && <span class="dot dot-away" />}
      </span>
      <span class="beds" aria-hidden="true">
        {beds.map((bed, index) => (
          <span key={bed.row.personId} class={`bed bed-${bed.glyph}${bed.row.personId === at ? ' bed-here' : ''}`}>
            {glyphText(bed, index)}
          </span>
        ))}
      </span>
    </button>
  );
}

function tileText(room: string, beds: readonly Bed[]): string {
  const [first] = beds;
  if (first?.scope !== 'class') {
    return t('room-label', { room, due: beds.filter((bed) => bed.isDue).length, all: beds.length });
  }
  const { name } = first.row;
  return first.isDue ? t('class-due', { name }) : t('class-done', { name, what: standingText(first) });
}

function glyphText(bed: Bed, index: number): string {
  switch (bed.glyph) {
    case 'done':
      return '✓';
    case 'alert':
      return '!';
    case 'absent':
      return t('glyph-absent');
    case 'away':
      return '–';
    case 'due':
      return bed.scope === 'class' ? t('glyph-due') : (bed.row.bed ?? String(index + 1));
    default:
      return bed.glyph satisfies never;
  }
}

/** The first bed that is due; a further tap goes on to the next one of the room. */
function nextIn(beds: readonly Bed[], at: string | null): string {
  const here = beds.findIndex((bed) => bed.row.personId === at);
  const onwards = [...beds.slice(here + 1), ...beds.slice(0, here + 1)];
  const next = (here === -1 ? beds : onwards).find((bed) => bed.isDue) ?? onwards[0];
  return next?.row.personId ?? '';
}
