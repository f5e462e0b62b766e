// What a guard does beside the lane: refuses, left, forced past, supplies short, whom to call, what to do with a fever. Painted by
// GateScreen.
import { Component } from 'preact';
import type { EntryBody } from '../../domain/entry.ts';
import { t } from '../../i18n/texts.ts';
import { HoldButton } from '../../ui/button.tsx';
import type { IconName } from '../../ui/icons.tsx';
import type { GateController } from '../controller-types.ts';
import { Act } from '../parts/Act.tsx';
import { other } from '../parts/words.ts';
import type { StationNow } from '../station-types.ts';
import { Panel } from './Panel.tsx';

export const limits = { holdMs: 1_000 } as const;

const supplies = ['mask', 'thermometer'] as const;
const icons: Record<(typeof supplies)[number], IconName> = { mask: 'mask', thermometer: 'keypad' };

type Props = {
  controller: GateController;
  state: StationNow;
  onGo: (panel: 'call' | 'care') => void;
  onClose: () => void;
};

export class DeskPanel extends Component<Props, { told: string | null; bad: boolean }> {
  override state: { told: string | null; bad: boolean } = { told: null, bad: false };

  override render({ controller, state, onGo, onClose }: Props, { told, bad }: { told: string | null; bad: boolean }) {
    const { card } = controller.model();
    const { acts, report } = controller;
    const by = state.signedIn?.staffId ?? null;
    const tell = async (what: string, body: EntryBody) => {
      const bad = (await report(body)) === 'none';
      this.setState({ told: what, bad });
    };
    const then = (act: (card: string | null) => void) => () => {
      act(card);
      onClose();
    };
    return (
      <Panel title={t('act.more')} testId="desk" onClose={onClose}>
        <div class="choices two">
          <Act icon="phone" word="call.title" onPress={() => onGo('call')} testId="to-call" />
          <Act icon="nurse" word="care.title" onPress={() => onGo('care')} testId="to-care" />
        </div>
        <div class="spacer" />
        <p class="note" role="status" data-bad={bad} data-testid="desk-note">
          {told === null ? '' : t(bad ? 'desk.notSaved' : 'desk.told')}
        </p>
        <div class="choices two">
          {supplies.map((item) => (
            <Act
              key={item}
              icon={told === item && !bad ? 'tick' : icons[item]}
              word={`short.${item}`}
              onPress={() => void tell(item, { kind: 'supplies-short', item, by })}
              testId={`short-${item}`}
            />
          ))}
          {card !== null && (
            <>
              <Act icon="no-entry" word="act.refuse" onPress={then(acts.refuse)} testId="desk-refuse" />
              <Act icon="back" word="desk.left" onPress={then(acts.leave)} testId="desk-left" />
            </>
          )}
        </div>
        <HoldButton
          icon="warning"
          label={t('desk.forced')}
          sub={other('desk.forced')}
          holdMs={limits.holdMs}
          onHeld={() =>
            void tell('forced', {
              kind: 'unmeasured-entry',
              cause: 'forced',
              direction: state.info?.direction ?? 'in',
              deviceId: 'guard',
              openMs: null,
              times: 1,
              seenBy: by ?? '',
            })
          }
          testId="desk-forced"
        />
      </Panel>
    );
  }
}
