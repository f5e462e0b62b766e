// The panels of the settings page in the order of their tabs. A part that has something to set adds a line here and a file below
// panels/; it gets the API and the live state, and owns everything between the tabs and the bottom of the screen.
import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChild } from 'preact';
import type { SettingsLive } from '../contracts/settings.ts';
import { settingsTexts } from '../i18n/settings.ts';
import { deskTexts } from '../i18n/settings-desk.ts';
import { instrumentTexts } from '../i18n/settings-instrument.ts';
import { postTexts } from '../i18n/settings-post.ts';
import { CodesPanel } from './panels/CodesPanel.tsx';
import { DevicesPanel } from './panels/DevicesPanel.tsx';
import { DoctorPanel } from './panels/DoctorPanel.tsx';
import { InstrumentPanel } from './panels/InstrumentPanel.tsx';
import { LearnPanel } from './panels/LearnPanel.tsx';
import { PaperPanel } from './panels/PaperPanel.tsx';
import { PostPanel } from './panels/PostPanel.tsx';
import { SoundPanel } from './panels/SoundPanel.tsx';
import type { SettingsApi } from './settings-api.ts';

export type PanelProps = {
  api: SettingsApi;
  /** Null while the bridge does not answer. */
  live: ReadonlySignal<SettingsLive | null>;
  /** Who is signed in. */
  staffId: string;
};

export type PanelEntry = {
  /** Also the page's address: /settings#id. */
  id: string;
  /** In the page's present language. */
  title: () => string;
  Panel: (props: PanelProps) => ComponentChild;
};

const { t } = settingsTexts;

export const panels: readonly PanelEntry[] = [
  { id: 'devices', title: () => t('tab-devices'), Panel: DevicesPanel },
  { id: 'instruments', title: () => instrumentTexts.t('tab'), Panel: InstrumentPanel },
  { id: 'doctor', title: () => t('tab-doctor'), Panel: DoctorPanel },
  { id: 'learn', title: () => t('tab-learn'), Panel: LearnPanel },
  { id: 'sound', title: () => deskTexts.t('tab-sound'), Panel: SoundPanel },
  { id: 'paper', title: () => deskTexts.t('tab-paper'), Panel: PaperPanel },
  { id: 'codes', title: () => deskTexts.t('tab-codes'), Panel: CodesPanel },
  { id: 'post', title: () => postTexts.t('tab'), Panel: PostPanel },
];
