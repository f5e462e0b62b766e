// How an order stands in a line of text. Called by People and Orders.
import type { OrderLine } from '../contracts/people.ts';
import { deskTexts } from '../i18n/office-desk.ts';

const { t } = deskTexts;

export function daysText({ beginDay, untilDay }: Pick<OrderLine, 'beginDay' | 'untilDay'>): string {
  return `${beginDay} – ${untilDay ?? t('until-open')}`;
}

export function orderText(order: OrderLine): string {
  const parts = [t(`order-${order.order}`), daysText(order)];
  if (order.due) parts.push(t('due'));
  else if (order.orderDay !== null) parts.push(t('day-n', { n: order.orderDay }));
  return parts.join(' · ');
}
