// The form that stands before a page: its fields, one button, why it came to nothing, and the language. Rendered by SignIn and by the
// rounds page's enrolment.
import type { ComponentChildren } from 'preact';
import { deskTexts } from '../../i18n/desk.ts';
import { FailureLine, useAct } from './act.tsx';
import type { Failure } from './failure.ts';
import { LanguageSwitch } from './LanguageSwitch.tsx';

export function DoorForm(props: {
  testid: string;
  title: string;
  button: string;
  /** On the button while it waits for an answer. */
  busy: string;
  /** Null when it is done; a second press waits for the first. */
  submit(): Promise<Failure | null>;
  children: ComponentChildren;
  /** Under the button: what leads elsewhere. */
  below?: ComponentChildren;
}) {
  const act = useAct(() => props.submit());
  return (
    <main class="sign-in-page">
      <form class="sign-in" data-testid={props.testid} onSubmit={act.submit}>
        <h1>{props.title}</h1>
        {props.children}
        <FailureLine failure={act.failure} unreached={deskTexts.t('unreached')} />
        <button type="submit" class="primary" disabled={act.isWaiting}>
          {act.isWaiting ? props.busy : props.button}
        </button>
        {props.below}
        <LanguageSwitch />
      </form>
    </main>
  );
}
