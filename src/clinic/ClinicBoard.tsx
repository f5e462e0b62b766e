// The clinic's page: the sign-in, or the board with its four columns. Rendered by main.tsx.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { clinicTexts } from '../i18n/clinic.ts';
import { PasswordDialog } from '../ui/desk/PasswordDialog.tsx';
import { SignIn } from '../ui/desk/SignIn.tsx';
import { Banner } from './Banner.tsx';
import type { Bell } from './bell.ts';
import { columnsOf, connectionOf, unmeasuredToday } from './board-state.ts';
import { ClosedDrawer } from './ClosedDrawer.tsx';
import { Column } from './Column.tsx';
import type { ClinicController } from './clinic-controller.ts';
import { DispositionDialog } from './DispositionDialog.tsx';
import { Header } from './Header.tsx';
import { ReMeasureDialog } from './ReMeasureDialog.tsx';
import { SlipDialog } from './SlipDialog.tsx';
import { UnmeasuredDrawer, UnmeasuredStripe } from './Unmeasured.tsx';

const { t } = clinicTexts;

export type Asked = { what: 're-measure' | 'dispose'; caseId: string } | null;

export function ClinicBoard(props: { clinic: ClinicController; sound: Pick<Bell, 'locked' | 'unlock'> }) {
  const { clinic, sound } = props;
  const asked = useSignal<Asked>(null);
  const drawer = useSignal(false);
  const password = useSignal(false);
  const slip = useSignal(false);
  const passed = useSignal(false);
  const once = useComputed(() => clinic.state.value.staff?.maySetPassword === true);
  // Asked for at once, and not again when it was put off.
  useSignalEffect(() => {
    if (once.value) password.value = true;
  });
  const state = clinic.state.value;
  const now = clinic.nowMs.value;

  if (state.session === 'unknown') return <p class="asking">{t('asking')}</p>;
  if (state.session !== 'signed-in')
    return <SignIn title={t('title')} over={state.session === 'expired'} signIn={clinic.signIn} />;

  const connection = connectionOf(state, now);
  const chosen = asked.value ? state.referrals.get(asked.value.caseId) : undefined;
  const unmeasured = unmeasuredToday(state, now);
  const close = () => {
    asked.value = null;
  };
  return (
    <div class="board" data-connection={connection.state}>
      <Header
        clinic={clinic}
        sound={sound}
        connection={connection}
        onClosed={() => (drawer.value = true)}
        onPassword={() => (password.value = true)}
        onSlip={() => (slip.value = true)}
      />
      <Banner connection={connection} referrals={[...state.referrals.values()]} />
      <UnmeasuredStripe rows={unmeasured} onOpen={() => (passed.value = true)} />
      <main class="columns" aria-busy={!state.loaded}>
        {columnsOf(state, now).map((column) => (
          <Column
            key={column.state}
            clinic={clinic}
            column={column}
            onMeasure={(caseId) => (asked.value = { what: 're-measure', caseId })}
            onDispose={(caseId) => (asked.value = { what: 'dispose', caseId })}
          />
        ))}
      </main>
      {password.value && (
        <PasswordDialog once={once.value} setPassword={clinic.setPassword} onClose={() => (password.value = false)} />
      )}
      {slip.value && <SlipDialog clinic={clinic} onClose={() => (slip.value = false)} />}
      {drawer.value && <ClosedDrawer clinic={clinic} onClose={() => (drawer.value = false)} />}
      {passed.value && unmeasured !== null && (
        <UnmeasuredDrawer rows={unmeasured} onClose={() => (passed.value = false)} />
      )}
      {asked.value?.what === 're-measure' && (chosen?.state === 'arrived' || chosen?.state === 're-measured') && (
        <ReMeasureDialog clinic={clinic} referral={chosen} onClose={close} />
      )}
      {asked.value?.what === 'dispose' && chosen && chosen.state !== 'raised' && chosen.state !== 'closed' && (
        <DispositionDialog clinic={clinic} referral={chosen} onClose={close} />
      )}
    </div>
  );
}
