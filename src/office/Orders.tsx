// Orders: a form to begin one, and the lists in force, due for release and ending today, where one is ended. Rendered as a tab.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type OrderLine, type OrderList, type OrdersAnswer, orderLists, ordersAnswer } from '../contracts/people.ts';
import { language } from '../i18n/define.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import { OrderForm } from './OrderForm.tsx';
import type { Office } from './office-state.ts';
import { ConfirmButton, Done, Field, json, typedIn } from './parts.tsx';
import { doneAnswer } from './StateForm.tsx';
import { daysText } from './show-orders.ts';

const { t } = deskTexts;
const countOf = { 'in-force': 'inForce', due: 'due', ending: 'ending' } as const;

export function Orders({ office }: { office: Office }) {
  const list = useSignal<OrderList>('in-force');
  const page = useSignal<OrdersAnswer | null>(null);
  const from = useSignal('0');
  const done = useSignal<string | null>(null);
  const turn = office.turn.value;
  const load = async (which: OrderList, after = '0') => {
    // Rows of another list never stand under this one's name; those of this one stay until there are newer ones.
    if (which !== list.value) page.value = null;
    [list.value, from.value] = [which, after];
    const got = await office.ask(`/hub/office/orders?${new URLSearchParams({ list: which, after })}`, ordersAnswer);
    if (got !== null && list.value === which && from.value === after) page.value = got;
  };
  useEffect(() => void load(list.value, from.value), [turn]);
  const shown = page.value;
  return (
    <section class="panel" data-testid="orders">
      {office.may('order.change') && (
        <OrderForm
          office={office}
          onBegun={() => {
            done.value = t('begun');
            void load('in-force');
          }}
        />
      )}
      <Done text={done.value} />
      <h2>{t('order-lists')}</h2>
      <div class="line">
        {orderLists.map((one) => (
          <button
            key={one}
            type="button"
            data-testid={`list-${one}`}
            aria-pressed={list.value === one}
            onClick={() => void load(one)}
          >
            {t(`list-${one}`, { n: shown?.counts[countOf[one]] ?? '…' })}
          </button>
        ))}
        <span class="space" />
        <a
          class="as-button"
          data-testid="orders-export"
          href={`/hub/office/orders.csv?list=${list.value}&lang=${language.value}`}
          download
        >
          {t('export')}
        </a>
      </div>
      {shown !== null && shown.orders.length === 0 && <p data-testid="orders-none">{t('list-empty')}</p>}
      {shown !== null && shown.orders.length > 0 && (
        <table data-testid="orders-table">
          <thead>
            <tr>
              {(['col-person', 'col-unit', 'col-order', 'col-days', 'col-reason', 'col-act'] as const).map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.orders.map((order) => (
              <Row
                key={order.orderId}
                office={office}
                order={order}
                companions={shown.orders.filter((one) => one.leadOrderId === order.orderId)}
                onEnded={() => {
                  done.value = t('ended');
                  void load(list.value);
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      {shown !== null && shown.next !== null && (
        <button type="button" data-testid="orders-more" onClick={() => void load(list.value, shown.next ?? '0')}>
          {t('more')}
        </button>
      )}
    </section>
  );
}

type RowProps = { office: Office; order: OrderLine; companions: readonly OrderLine[]; onEnded: () => void };

function Row({ office, order, companions, onEnded }: RowProps) {
  // The hub decides; here it is only said beforehand.
  const needsNurse = order.order === 'isolation' || order.order === 'hospital';
  const mayEnd = office.may('order.change') && (!needsNurse || office.may('order.release'));
  const asked = useSignal(false);
  const reason = useSignal('');
  const together = useSignal(true);
  const end = async () => {
    const body = {
      ...{ change: 'end', personId: order.personId, order: order.order, reason: reason.value.trim() },
      companions: together.value ? companions.map(({ personId }) => personId) : [],
    };
    if ((await office.ask('/hub/orders', doneAnswer, json('POST', body))) !== null) onEnded();
  };
  const name = t('end-of', { name: order.name, order: t(`order-${order.order}`) });
  return (
    <tr data-testid="order" data-person={order.personId}>
      <th scope="row">
        {order.name} <span class="hint">{order.personId}</span>
      </th>
      <td>{order.unit}</td>
      <td>
        {t(`order-${order.order}`)}
        {order.leadOrderId !== null && <span class="hint"> · {t('companion')}</span>}
        {order.homeOnCampus && <span class="hint"> · {t('home-on-campus')}</span>}
        <br />
        {order.due ? (
          <b class="say-bad">{t('due')}</b>
        ) : (
          order.orderDay !== null && <span class="hint">{t('day-n', { n: order.orderDay })}</span>
        )}
      </td>
      <td>{daysText(order)}</td>
      <td>
        {order.reason} <span class="hint">{order.by}</span>
      </td>
      <td>
        {!mayEnd && <span class="hint">{t(needsNurse ? 'end-nurse' : 'end-others')}</span>}
        {mayEnd && !asked.value && (
          <button type="button" data-testid="order-end" aria-label={name} onClick={() => (asked.value = true)}>
            {t('end')}
          </button>
        )}
        {mayEnd && asked.value && (
          <div class="stack">
            <Field label={t('end-reason')}>
              <input
                data-testid="end-reason"
                maxLength={200}
                value={reason.value}
                onInput={(event) => (reason.value = typedIn(event))}
              />
            </Field>
            {companions.length > 0 && (
              <label class="tick">
                <input
                  type="checkbox"
                  checked={together.value}
                  onChange={(event) => (together.value = event.currentTarget.checked)}
                />
                {t('end-with')}
              </label>
            )}
            <ConfirmButton
              label={t('end')}
              name={name}
              testId="order-end-now"
              disabled={reason.value.trim() === ''}
              onConfirm={() => void end()}
            />
          </div>
        )}
      </td>
    </tr>
  );
}
