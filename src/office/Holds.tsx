// Who waits at a gate for a named decision: leave to return, a closed campus, a visitor's approval. Asked anew every few seconds, since
// somebody stands there. A tab of the office page.
import { Component } from 'preact';
import { doneAnswer, type HoldRow, holdsAnswer } from '../contracts/hold.ts';
import { holdTexts } from '../i18n/office-holds.ts';
import type { Office } from './office-state.ts';
import { Permits } from './Permits.tsx';

const { t } = holdTexts;
export const limits = { everyMs: 3_000, noteChars: 200 } as const;

type State = { holds: readonly HoldRow[] | null; nowMs: number; notes: Record<string, string>; done: string };

export class Holds extends Component<{ office: Office }, State> {
  override state: State = { holds: null, nowMs: 0, notes: {}, done: '' };
  private timer: ReturnType<typeof setInterval> | undefined;

  override componentDidMount() {
    void this.look();
    this.timer = setInterval(() => void this.look(), limits.everyMs);
  }

  override componentWillUnmount() {
    clearInterval(this.timer);
  }

  private look = async () => {
    const seen = await this.props.office.ask('/hub/holds', holdsAnswer);
    if (seen !== null) this.setState({ holds: seen.holds, nowMs: seen.hubNowMs });
  };

  private decide = async (row: HoldRow, allow: boolean) => {
    const { stationId, passageId, reason, stationName } = row;
    const body = JSON.stringify({ stationId, passageId, reason, allow, note: this.state.notes[passageId] ?? '' });
    const headers = { 'content-type': 'application/json' };
    const done = await this.props.office.ask('/hub/holds/decide', doneAnswer, { method: 'POST', headers, body });
    this.setState({ done: done === null ? '' : t('done', { station: stationName }) });
    await this.look();
  };

  override render({ office }: { office: Office }, { holds, nowMs, notes, done }: State) {
    return (
      <>
        <p role="status" data-testid="hold-done">
          {done}
        </p>
        {holds?.length === 0 && <p>{t('none')}</p>}
        <ul class="holds">
          {(holds ?? []).map((row) => (
            <li key={row.passageId} class="hold" data-testid="hold" data-reason={row.reason}>
              <p>
                <b>{row.name ?? t('name-later')}</b> {row.unit} {row.phone}
              </p>
              <p>
                {t(`reason-${row.reason}`)} {purposeText(row.purpose)} · {row.stationName} ·{' '}
                {t('waiting', { minutes: Math.max(0, Math.floor((nowMs - row.sinceMs) / 60_000)) })}
              </p>
              {row.contact !== '' && <p class="hint">{row.contact}</p>}
              {row.mayDecide ? (
                <div class="hold-acts">
                  <label>
                    {t('note')}
                    <input
                      value={notes[row.passageId] ?? ''}
                      maxLength={limits.noteChars}
                      onInput={(event) =>
                        this.setState({ notes: { ...notes, [row.passageId]: event.currentTarget.value } })
                      }
                    />
                  </label>
                  <button type="button" data-testid="hold-allow" onClick={() => void this.decide(row, true)}>
                    {t('allow')}
                  </button>
                  <button type="button" data-testid="hold-refuse" onClick={() => void this.decide(row, false)}>
                    {t('refuse')}
                  </button>
                </div>
              ) : (
                <p class="hint">{t('not-yours')}</p>
              )}
            </li>
          ))}
        </ul>
        <Permits office={office} />
      </>
    );
  }
}

/** Text of a purpose's code, or what a gate of another version has sent. */
function purposeText(purpose: string): string {
  const key = `purpose-${purpose}`;
  return holdTexts.has(key) ? t(key) : purpose;
}
