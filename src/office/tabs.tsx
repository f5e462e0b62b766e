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
const deciders = [
  ...['student-affairs', 'security', 'duty-office', 'office', 'campus-lead', 'auditor'],
  ...['counsellor', 'class-teacher', 'party-secretary', 'unit-head'],
];

export type OfficeTab = {
  /** Stands in `data-testid` of its button, as `tab-ID`. */
  id: string;
  /** In the page's present language. */
  label(): string;
  /** Is there while its tab is shown; asks the hub by `office.ask`. */
  Panel: ComponentType<{ office: Office }>;
  /** Who has something to do there, as in hub/roles.ts; absent: everybody who signs in here. */
  roles?: readonly string[];
};

export const tabs: readonly OfficeTab[] = [
  { id: 'people', label: () => desk('tab-people'), Panel: People },
  { id: 'orders', label: () => desk('tab-orders'), Panel: Orders },
  { id: 'roster', label: () => desk('tab-roster'), Panel: RosterImport },
  { id: 'notices', label: () => desk('tab-notices'), Panel: Notices },
  { id: 'faults', label: () => t('tab-faults'), Panel: FaultsTab },
  { id: 'stations', label: () => t('tab-stations'), Panel: StationsTab },
  { id: 'drift', label: () => t('tab-drift'), Panel: DriftTab },
  { id: 'holds', label: () => holdTexts.t('tab'), Panel: Holds, roles: deciders },
  { id: 'rounds', label: () => officeRoundTexts.t('tab'), Panel: Rounds },
  { id: 'gates', label: () => officeGateTexts.t('tab'), Panel: GateDesk },
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
  return office.view.value === null ? <p>{t('asking')}</p> : <Drift rows={office.drift.value?.rows ?? []} />;
}
