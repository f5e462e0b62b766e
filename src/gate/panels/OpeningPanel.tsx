// The barrier by hand: a reason and a hold of one second by the guard who is signed in. Painted by GateScreen.
import { Component } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Button, HoldButton } from '../../ui/button.tsx';
import { codes } from '../faults.ts';
import type { PulseOutcome } from '../station-types.ts';
import { Panel } from './Panel.tsx';

export const limits = { holdMs: 1_000 } as const;
/** Stored in the entry as they stand. */
export const openingReasons = ['ambulance', 'fire', 'police', 'utility', 'other'] as const;
export type OpeningReason = (typeof openingReasons)[number];

type Props = { openedBy: string; open: (reason: OpeningReason) => Promise<PulseOutcome | null>; onClose: () => void };
type State = { reason: OpeningReason | null; state: 'choosing' | 'waiting' | 'sent' | 'failed'; code: string };

export class OpeningPanel extends Component<Props, State> {
  override state: State = { reason: null, state: 'choosing', code: '' };

  override render({ openedBy, open, onClose }: Props, { reason, state, code }: State) {
    const go = async () => {
      if (reason === null) return;
      this.setState({ state: 'waiting' });
      const outcome = (await open(reason)) ?? 'no-bridge';
      if (outcome === 'sent') this.setState({ state: 'sent' });
      else this.setState({ state: 'failed', code: codes.pulse[outcome] });
    };
    return (
      <Panel title={t('opening.title')} testId="opening" onClose={onClose}>
        <p class="legend">{t('shift.onDuty', { name: openedBy })}</p>
        <div class="spacer" />
        <p class="title" role="status" data-testid="opening-state" data-state={state}>
          {t(`opening.${state}`, { code })}
        </p>
        <div class="choices two">
          {openingReasons.map((one) => (
            <Button
              key={one}
              label={t(`opening.${one}`)}
              pressed={reason === one}
              onPress={() => this.setState({ reason: one })}
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
      </Panel>
    );
  }
}
