// Two pages that are only read: whom to call, with numbers large enough to dial from two metres, and what to do with somebody who
// has a fever, in four pictures. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Icon } from '../../ui/icons.tsx';
import { other } from '../parts/words.ts';
import type { StationNow } from '../station-types.ts';
import { Panel } from './Panel.tsx';

const listed = ['security', 'dutyOffice', 'studentAffairs', 'hotline', 'psychology'] as const;

export function CallPanel({ state, onClose }: { state: StationNow; onClose: () => void }) {
  const { clinic, phones } = state;
  const rows = [
    [clinic.name || t('call.clinic'), clinic.phone],
    ...listed.map((who) => [t(`call.${who}`), phones?.[who]]),
  ];
  return (
    <Panel title={t('call.title')} testId="call" onClose={onClose}>
      <dl class="phones">
        {rows.map(([who, number]) => (
          <div key={who}>
            <dt>{who}</dt>
            <dd data-set={Boolean(number)}>{number || t('call.none')}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const steps = ['mask', 'spot', 'metre', 'nurse'] as const;

export function CarePanel({ onClose }: { onClose: () => void }) {
  return (
    <Panel title={t('care.title')} testId="care" onClose={onClose}>
      <ol class="care">
        {steps.map((step) => {
          const second = other(`care.${step}`);
          return (
            <li key={step}>
              <Icon name={step} />
              <b>{t(`care.${step}`)}</b>
              <span lang={second.lang}>{second.text}</span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
