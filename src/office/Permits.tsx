// Permits to pass a closed campus: those in force, and a form for one more. Painted by Holds for who may read them.
import { Component } from 'preact';
import type * as z from 'zod/mini';
import { doneAnswer, type permitRow, permitsAnswer } from '../contracts/hold.ts';
import { campusDay } from '../domain/campus-day.ts';
import { holdTexts } from '../i18n/office-holds.ts';
import type { Office } from './office-state.ts';

const { t } = holdTexts;
const directions = ['out', 'in'] as const;
type Row = z.infer<typeof permitRow>;
type State = {
  permits: readonly Row[] | null;
  personId: string;
  direction: 'in' | 'out';
  untilDay: string;
  reason: string;
};

export class Permits extends Component<{ office: Office }, State> {
  override state: State = {
    permits: null,
    personId: '',
    direction: 'out',
    untilDay: campusDay(Date.now()),
    reason: '',
  };

  override componentDidMount() {
    void this.look();
  }

  private look = async () => {
    const seen = await this.props.office.ask('/hub/permits', permitsAnswer);
    if (seen !== null) this.setState({ permits: seen.permits });
  };

  private post = async (path: string, body?: object) => {
    const headers = { 'content-type': 'application/json' };
    const done = await this.props.office.ask(path, doneAnswer, {
      method: 'POST',
      ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }),
    });
    if (done !== null && body !== undefined) this.setState({ personId: '', reason: '' });
    await this.look();
  };

  override render({ office }: { office: Office }, { permits, personId, direction, untilDay, reason }: State) {
    // Who may only approve visitors gets no list.
    if (permits === null) return null;
    const mayGive = office.may('hold.decide');
    const bound = (key: 'personId' | 'reason' | 'untilDay', value: string) => ({
      value,
      required: true,
      'data-testid': `permit-${key}`,
      onInput: (event: { currentTarget: HTMLInputElement }) => this.setState({ [key]: event.currentTarget.value }),
    });
    return (
      <section>
        <h2>{t('permits')}</h2>
        {permits.length === 0 && <p>{t('permits-none')}</p>}
        <ul class="holds">
          {permits.map((row) => (
            <li key={row.permitId} class="hold" data-testid="permit">
              <b>{row.name}</b> {row.personId} · {t(`direction-${row.direction}`)} · {t('until')} {row.untilDay} ·{' '}
              {row.reason} · {t('by', { name: row.byName })}{' '}
              {mayGive && (
                <button
                  type="button"
                  data-testid="permit-end"
                  onClick={() => void this.post(`/hub/permits/${row.permitId}/end`)}
                >
                  {t('end')}
                </button>
              )}
            </li>
          ))}
        </ul>
        {mayGive && (
          <form
            class="hold-acts"
            onSubmit={(event) => {
              event.preventDefault();
              void this.post('/hub/permits', { personId, direction, untilDay, reason });
            }}
          >
            <label>
              {t('person')}
              <input {...bound('personId', personId)} />
            </label>
            <label>
              {t('direction')}
              <select
                value={direction}
                onChange={(event) => this.setState({ direction: event.currentTarget.value === 'in' ? 'in' : 'out' })}
              >
                {directions.map((one) => (
                  <option key={one} value={one}>
                    {t(`direction-${one}`)}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {t('until')}
              <input type="date" {...bound('untilDay', untilDay)} />
            </label>
            <label>
              {t('reason')}
              <input {...bound('reason', reason)} />
            </label>
            <button type="submit" data-testid="permit-give">
              {t('give')}
            </button>
          </form>
        )}
      </section>
    );
  }
}
