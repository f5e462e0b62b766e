// The panels over the round: find, symptoms, the reason of a late entry, the preview of a pasted column, who was found, the closing,
// the keys. One at a time; Escape closes it. Rendered by RoundsPage.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { roundSymptoms } from '../domain/round.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import { ClosePanel } from './ClosePanel.tsx';
import { FindPanel } from './FindPanel.tsx';
import { FoundPanel } from './FoundPanel.tsx';
import { PastePanel } from './PastePanel.tsx';
import { lateReasonKeys } from './rounds-app.ts';
import type { Rounds } from './rounds-controller.ts';
import { whoText } from './show.ts';
import { word } from './words.ts';

const { t } = roundsTexts;

export function Panels({ rounds }: { rounds: Rounds }) {
  const { panel } = rounds.keys.value;
  switch (panel) {
    case 'none':
      return null;
    case 'symptoms':
    case 'refer':
      return <SymptomsPanel rounds={rounds} panel={panel} />;
    case 'late':
      return <LatePanel rounds={rounds} />;
    case 'find':
      return <FindPanel rounds={rounds} />;
    case 'paste':
      return <PastePanel rounds={rounds} />;
    case 'found':
      return <FoundPanel rounds={rounds} />;
    case 'close':
      return <ClosePanel rounds={rounds} />;
    case 'keys':
      return <KeysPanel rounds={rounds} />;
    default:
      return panel satisfies never;
  }
}

export function Dialog(props: {
  rounds: Rounds;
  testId: string;
  title: string;
  children: ComponentChildren;
  foot?: ComponentChildren;
  closeLabel?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // The dialog itself, not its first button: Enter is the panel's own act. A field that wants the focus has taken it already.
    if (!box.current?.contains(document.activeElement)) box.current?.focus();
  }, []);
  return (
    <div class="veil">
      <div
        ref={box}
        class="dialog"
        role="dialog"
        aria-modal="true"
        aria-label={props.title}
        tabIndex={-1}
        data-testid={props.testId}
      >
        <h2>{props.title}</h2>
        <div class="dialog-body">{props.children}</div>
        <div class="dialog-foot">
          <button type="button" data-testid="panel-close" onClick={() => props.rounds.press({ on: 'escape' })}>
            {props.closeLabel ?? t('cancel')} <kbd>Esc</kbd>
          </button>
          {props.foot}
        </div>
      </div>
    </div>
  );
}

/** Why a key was refused while a panel is open: its own place is covered. */
function Refusal({ rounds }: { rounds: Rounds }) {
  const { why } = rounds.keys.value;
  if (why === null) return null;
  return (
    <p class="refusal" role="alert">
      {word(rounds.scope.value, `why-${why}`)}
    </p>
  );
}

function SymptomsPanel({ rounds, panel }: { rounds: Rounds; panel: 'symptoms' | 'refer' }) {
  const bed = rounds.bed.value;
  const { chosen } = rounds.keys.value;
  const who = bed === null ? word(rounds.scope.value, 'nobody') : whoText(bed);
  return (
    <Dialog
      rounds={rounds}
      testId={`panel-${panel}`}
      title={t(`${panel}-title`, { who })}
      foot={
        <button type="button" class="primary" data-testid="report-now" onClick={() => rounds.press({ on: 'enter' })}>
          {t('report-now')} <kbd>Enter</kbd>
        </button>
      }
    >
      <p>{t('symptoms-how')}</p>
      <div class="choices">
        {roundSymptoms.map((symptom, index) => (
          <button
            key={symptom}
            type="button"
            aria-pressed={chosen.includes(symptom)}
            onClick={() => rounds.press({ on: 'choose', symptom })}
          >
            <kbd>{index + 1}</kbd> {t(`symptom-${symptom}`)}
          </button>
        ))}
      </div>
      <Refusal rounds={rounds} />
    </Dialog>
  );
}

function LatePanel({ rounds }: { rounds: Rounds }) {
  return (
    <Dialog rounds={rounds} testId="panel-late" title={t('late-title')}>
      <p>{t('late-how')}</p>
      <div class="choices">
        {lateReasonKeys.map((key, index) => (
          <button
            key={key}
            type="button"
            data-testid={key}
            onClick={() => rounds.press({ on: 'reason', reason: rounds.lateReasons[index] ?? '' })}
          >
            <kbd>{String.fromCharCode(65 + index)}</kbd> {t(key)}
          </button>
        ))}
      </div>
      <Refusal rounds={rounds} />
    </Dialog>
  );
}

function KeysPanel({ rounds }: { rounds: Rounds }) {
  const scope = rounds.scope.value;
  const rows: [string, string][] = [
    [t('keys-digits'), word(scope, 'keys-digits-does')],
    [t('keys-arrows'), word(scope, 'keys-arrows-does')],
    ['/', t('keys-find-does')],
    ['F2', t('absence-leave')],
    ['F4', word(scope, 'absence-not-in-room')],
    ['F6', t('absence-at-clinic')],
    ['F7', t('symptoms')],
    ['F8', t('refer')],
    ['F9', t('keys-second-does')],
    ['Ctrl+Z', t('keys-undo-does')],
    ['Esc', t('keys-escape-does')],
    [t('keys-card'), word(scope, 'keys-card-does')],
  ];
  return (
    <Dialog rounds={rounds} testId="panel-keys" title={t('keys')} closeLabel={t('done')}>
      <table class="keys">
        <tbody>
          {rows.map(([key, does]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
