// What bystanders must not see (name, value, reason), shown for 5 s to the guard who holds the button. Called by the
// screens of refer, deny, hold and not-saved.
import { Component } from 'preact';
import { t } from '../../i18n/texts.ts';
import { HoldButton } from '../../ui/button.tsx';
import type { Private } from '../model.ts';
import { other, reasonText } from './words.ts';

export const limits = { holdMs: 500, showMs: 5_000 } as const;

type Props = { secret: Private; primary?: boolean; more?: string | null };

export class Reveal extends Component<Props, { open: boolean }> {
  override state = { open: false };
  private timer: ReturnType<typeof setTimeout> | undefined;

  override componentWillUnmount() {
    clearTimeout(this.timer);
  }

  private show = () => {
    this.setState({ open: true });
    this.timer = setTimeout(() => this.setState({ open: false }), limits.showMs);
  };

  override render({ secret, primary, more }: Props, { open }: { open: boolean }) {
    if (!open) {
      return (
        <HoldButton
          kind={primary ? 'primary' : 'secondary'}
          icon="eye"
          label={t('act.reveal')}
          sub={other('act.reveal')}
          holdMs={limits.holdMs}
          onHeld={this.show}
          testId="reveal"
        />
      );
    }
    return (
      <div class="private" data-testid="private">
        <b>
          {secret.name ?? t('who.visitor')}
          {secret.shown !== null && ` · ${secret.shown} ${t('celsius')}`}
        </b>
        <span>
          {reasonText(secret.reason)}
          {secret.due && ` · ${t('secret.due')}`}
          {more && ` · ${more}`}
        </span>
        {(secret.unit || secret.contact) && <span>{[secret.unit, secret.contact].filter(Boolean).join(' · ')}</span>}
        {secret.cardTail !== null && <span>{t('hold.cardTail', { tail: secret.cardTail })}</span>}
      </div>
    );
  }
}
