// The slip of a case: its number, and a code that holds the case signed by this station; on the screen and on paper. Painted by the room.
import { Component } from 'preact';
import { visitorTexts } from '../../i18n/visitors.ts';
import { Button } from '../../ui/button.tsx';
import { clockText } from '../parts/words.ts';
import type { PartProps } from './room-types.ts';

const { t } = visitorTexts;
type State = { code: { size: number; path: string; text: string } | null; failed: boolean };

export class Slip extends Component<PartProps, State> {
  override state: State = { code: null, failed: false };

  override componentDidMount() {
    this.load().catch(() => this.setState({ failed: true }));
  }

  private async load(): Promise<void> {
    const { guests, station, card } = this.props;
    const raised = guests.caseOf(card);
    const text = raised === null ? null : await station.slipOf(raised.entryId);
    if (text === null) return this.setState({ failed: true });
    const { qrOf } = await import('./qr.ts');
    this.setState({ code: { ...qrOf(text), text } });
  }

  override render({ guests, station, card }: PartProps, { code, failed }: State) {
    const info = station.state().info;
    return (
      <div class="slip" data-testid="slip-sheet">
        <p class="line">{t('slip-case')}</p>
        <p class="case-no">{guests.caseOf(card)?.caseNo}</p>
        <p class="detail">
          {info?.name} · {clockText(Date.now())}
        </p>
        {code !== null && (
          <svg
            class="qr"
            role="img"
            aria-label={t('slip')}
            viewBox={`0 0 ${code.size} ${code.size}`}
            shape-rendering="crispEdges"
            data-testid="slip-code"
            data-text={code.text}
          >
            <rect width={code.size} height={code.size} fill="#fff" />
            <path d={code.path} fill="#000" />
          </svg>
        )}
        <p class="note" role="status">
          {failed ? t('slip-none') : t('slip-do')}
        </p>
        <Button kind="primary" label={t('print')} onPress={() => print()} testId="print" />
      </div>
    );
  }
}
