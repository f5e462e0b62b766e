// The right column: the bed at hand, the value being typed, what the keys do, and the keypad. Rendered by RoundsPage.
import { roundsTexts } from '../i18n/rounds.ts';
import type { Bed } from './round-book.ts';
import type { KeyInput } from './round-keys.ts';
import type { Rounds } from './rounds-controller.ts';
import { bedPlace, clockText, standingText, typedText } from './show.ts';
import { word } from './words.ts';

const { t } = roundsTexts;

/** A finger on a key must not take the focus from the keyboard. */
const keepFocus = (event: Event) => event.preventDefault();

export function EntryPad({ rounds }: { rounds: Rounds }) {
  const bed = rounds.bed.value;
  const { isSecond } = rounds.keys.value;
  return (
    <section class="pad" aria-label={t('title')}>
      <div class="pad-head">
        <BedLine rounds={rounds} bed={bed} />
        <Value rounds={rounds} bed={bed} />
      </div>
      <div class="acts">
        <Act rounds={rounds} input={{ on: 'absent', reason: 'leave' }} keyName="F2" label={t('absence-leave')} />
        <Act
          rounds={rounds}
          input={{ on: 'absent', reason: 'not-in-room' }}
          keyName="F4"
          label={word(rounds.scope.value, 'absence-not-in-room')}
        />
        <Act
          rounds={rounds}
          input={{ on: 'absent', reason: 'at-clinic' }}
          keyName="F6"
          label={t('absence-at-clinic')}
        />
        <Act rounds={rounds} input={{ on: 'undo' }} keyName="Ctrl+Z" label={t('undo')} />
        <Act rounds={rounds} input={{ on: 'open', panel: 'symptoms' }} keyName="F7" label={t('symptoms')} />
        <Act rounds={rounds} input={{ on: 'open', panel: 'refer' }} keyName="F8" label={t('refer')} />
        <Act rounds={rounds} input={{ on: 'second' }} keyName="F9" label={t('second')} pressed={isSecond} />
        <HowSwitch rounds={rounds} />
      </div>
      <Keypad rounds={rounds} />
    </section>
  );
}

function BedLine({ rounds, bed }: { rounds: Rounds; bed: Bed | null }) {
  if (bed === null) return <p class="bed-line">{word(rounds.scope.value, 'nobody')}</p>;
  const { row, scope } = bed;
  return (
    <>
      <p class="bed-line" data-testid="bed-line" data-person={row.personId}>
        <span>{bedPlace(bed)}</span> <strong>{row.name}</strong>
      </p>
      <p class="bed-sub">
        <span class="bed-unit">
          {scope === 'class' ? row.room : row.personId} {row.unit}
        </span>
        {row.watchDay !== null && <span class="chip chip-late">{t('watch-day', { n: row.watchDay })}</span>}
        {row.looked && <span class="chip chip-late">{t('looked')}</span>}
        {row.caseOpen && <span class="chip chip-missing">{t('case-open')}</span>}
      </p>
    </>
  );
}

function Value({ rounds, bed }: { rounds: Rounds; bed: Bed | null }) {
  const { typed, reading, why, refusals, isSecond } = rounds.keys.value;
  const standing = bed === null ? '' : standingText(bed);
  const gate = bed?.state.source === 'gate' ? bed.row.gate.at(-1) : undefined;
  return (
    <div class="value-line">
      {/* A new element with each refusal: the shake begins anew. */}
      <output key={refusals} class={why === null ? 'value' : 'value value-refused'} data-testid="value">
        {typed === '' ? <span class="value-none">--.-</span> : typedText(typed)}
      </output>
      <p class="value-notes">
        {isSecond && <strong>{t('second-now')}</strong>}
        {reading !== null && why === null && <strong data-testid="measured">{t('measured')}</strong>}
        {why !== null && (
          <strong class="refusal" role="alert" data-testid="refusal">
            {word(rounds.scope.value, `why-${why}`)}
          </strong>
        )}
        {standing !== '' && why === null && !isSecond && reading === null && (
          <span>
            {t('was-marked')} <strong>{standing}</strong>
            {gate !== undefined && ` · ${t('from-gate', { time: clockText(gate.atMs) })}`}
          </span>
        )}
      </p>
    </div>
  );
}

function Act(props: { rounds: Rounds; input: KeyInput; keyName: string; label: string; pressed?: boolean }) {
  return (
    <button
      type="button"
      data-testid={`act-${props.keyName}`}
      {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
      onPointerDown={keepFocus}
      onClick={() => props.rounds.press(props.input)}
    >
      {props.label}
      <kbd>{props.keyName}</kbd>
    </button>
  );
}

function HowSwitch({ rounds }: { rounds: Rounds }) {
  const how = rounds.how.value;
  const name = t(`how-${how}`);
  return (
    <button
      type="button"
      data-testid="how"
      aria-label={t('how-label', { how: name })}
      onPointerDown={keepFocus}
      onClick={() => (rounds.how.value = how === 'infrared' ? 'contact' : 'infrared')}
    >
      {name}
      <kbd>⇄</kbd>
    </button>
  );
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

function Keypad({ rounds }: { rounds: Rounds }) {
  return (
    <div class="keypad">
      {digits.map((digit) => (
        <Key key={digit} rounds={rounds} input={{ on: 'digit', digit }} label={digit} />
      ))}
      <Key rounds={rounds} input={{ on: 'back' }} label={t('back')} isWord />
      <Key rounds={rounds} input={{ on: 'digit', digit: '0' }} label="0" />
      <Key rounds={rounds} input={{ on: 'enter' }} label={t('accept')} isWord isPrimary />
    </div>
  );
}

function Key(props: { rounds: Rounds; input: KeyInput; label: string; isWord?: boolean; isPrimary?: boolean }) {
  const classes = ['key', ...(props.isWord ? ['key-word'] : []), ...(props.isPrimary ? ['primary'] : [])];
  return (
    <button
      type="button"
      class={classes.join(' ')}
      data-testid={`key-${props.input.on === 'digit' ? props.input.digit : props.input.on}`}
      onPointerDown={keepFocus}
      onClick={() => props.rounds.press(props.input)}
    >
      {props.label}
    </button>
  );
}
