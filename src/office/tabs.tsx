// What the office page is made of: one line a tab, in the order they stand. A new panel is a file of its own and a line here.
import type { ComponentType } from 'preact';
import { officeTexts } from '../i18n/office.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import { officeGateTexts } from '../i18n/office-gates.ts';
import { holdTexts } from '../i18n/office-holds.ts';
import { officeRoundTexts } from '../i18n/office-rounds.ts';
import { Drift } from './Drift.tsx';
import { Faults } from './Faults.tsx';
import { GateDesk } from './GateDesk.tsx';
import { Holds } from './Holds.tsx';
import { Notices } from './Notices.tsx';
import { Orders } from './Orders.tsx';
import type { Office } from './office-state.ts';
import { People } from './People.tsx';
import { RosterImport } from './RosterImport.tsx';
import { Rounds } from './Rounds.tsx';
import { Stations } from './Stations.tsx';

const { t } = officeTexts;
const { t: desk } = deskTexts;

export type OfficeTab = {
  /** Stands in `data-testid` of its button, as `tab-ID`. */
  id: string;
  /** In the page's present language. */
  label(): string;
  /** Is there while its tab is shown; asks the hub by `office.ask`. */
  Panel: ComponentType<{ office: Office }>;
  /** Operations of hub/roles.ts, one of which its questions to the hub need: the tab stands for whoever may do one of them. */
  needs: readonly string[];
  /** Hub's clock at the answer that is shown, where the page asks for the tab; null before the first. */
  asOfMs?(office: Office): number | null;
};

const recordsAsOfMs = ({ view }: Office) => view.value?.hubNowMs ?? null;

export const tabs: readonly OfficeTab[] = [
  { id: 'people', label: () => desk('tab-people'), Panel: People, needs: ['person.search'] },
  { id: 'orders', label: () => desk('tab-orders'), Panel: Orders, needs: ['order.read'] },
  { id: 'roster', label: () => desk('tab-roster'), Panel: RosterImport, needs: ['roster.import'] },
  { id: 'notices', label: () => desk('tab-notices'), Panel: Notices, needs: ['notice.publish'] },
  { id: 'faults', label: () => t('tab-faults'), Panel: FaultsTab, needs: ['faults.read'], asOfMs: recordsAsOfMs },
  { id: 'stations', label: () => t('tab-stations'), Panel: StationsTab, needs: ['faults.read'], asOfMs: recordsAsOfMs },
  {
    ...{ id: 'drift', label: () => t('tab-drift'), Panel: DriftTab, needs: ['drift.read'] },
    asOfMs: ({ drift }) => drift.value?.hubNowMs ?? null,
  },
  { id: 'holds', label: () => holdTexts.t('tab'), Panel: Holds, needs: ['hold.read', 'visitor.read'] },
  { id: 'rounds', label: () => officeRoundTexts.t('tab'), Panel: Rounds, needs: ['rounds.missing'] },
  { id: 'gates', label: () => officeGateTexts.t('tab'), Panel: GateDesk, needs: ['supplies.read'] },
];

function FaultsTab({ office }: { office: Office }) {
  const view = office.view.value;
  return view === null ? <p>{t('asking')}</p> : <Faults office={office} view={view} />;
}

function StationsTab({ office }: { office: Office }) {
  const view = office.view.value;
  return view === null ? <p>{t('asking')}</p> : <Stations stations={view.stations} />;
}

function DriftTab({ office }: { office: Office }) {
  const drift = office.drift.value;
  return drift === null ? <p>{t('asking')}</p> : <Drift rows={drift.rows} />;
}
