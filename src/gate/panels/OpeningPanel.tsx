// The barrier by hand: a reason and a hold of one second by the guard who is signed in. Painted by GateScreen.
import { useState } from 'preact/hooks';
import { t } from '../../i18n/texts.ts';
import { Button, HoldButton } from '../../ui/button.tsx';
import type { PulseOutcome } from '../station-types.ts';
import { PanelHead } from './PanelHead.tsx';

export const limits = { holdMs: 1_000 } as const;
/** Stored in the entry as they stand. */
export const openingReasons = ['ambulance', 'fire', 'police', 'utility', 'other'] as const;
export type OpeningReason = (typeof openingReasons)[number];

type Props = { openedBy: string; open: (reason: OpeningReason) => Promise<PulseOutcome | null>; onClose: () => void };
type State = 'choosing' | 'waiting' | 'sent' | 'failed';

export function OpeningPanel({ openedBy, open, onClose }: Props) {
  const [reason, setReason] = useState<OpeningReason | null>(null);
  const [state, setState] = useState<State>('choosing');
  const go = async () => {
    if (reason === null) return;
    setState('waiting');
    const outcome = await open(reason);
    setState(outcome === 'sent' ? 'sent' : 'failed');
  };
  const notes: Record<State, string> = {
    choosing: t('opening.choose'),
    waiting: t('opening.waiting'),
    sent: t('opening.sent'),
    failed: t('opening.failed', { code: 'E-31' }),
  };
  return (
    <section class="panel" data-testid="opening" aria-label={t('opening.title')}>
      <PanelHead title={t('opening.title')} onClose={onClose} />
      <p class="legend">{t('shift.onDuty', { name: openedBy })}</p>
      <div class="spacer" />
      <p class="title" role="status" data-testid="opening-state" data-state={state}>
        {notes[state]}
      </p>
      <div class="choices" style={{ '--columns': 2 }}>
        {openingReasons.map((one) => (
          <Button
            key={one}
            label={t(`opening.${one}`)}
            pressed={reason === one}
            onPress={() => setReason(one)}
            testId={`reason-${one}`}
          />
        ))}
      </div>
      <HoldButton
        icon="barrier"
        label={t('opening.hold')}
        holdMs={limits.holdMs}
        disabled={reason === null || state === 'waiting'}
        onHeld={() => void go()}
        testId="opening-hold"
      />
    </section>
  );
}
