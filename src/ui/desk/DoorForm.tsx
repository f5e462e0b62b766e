// The form that stands before a page: its fields, one button, why it came to nothing, and the language. Rendered by SignIn and by the
// rounds page's enrolment.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { language } from '../../i18n/define.ts';
import { deskTexts } from '../../i18n/desk.ts';
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
}) {
  const waiting = useSignal(false);
  const failure = useSignal<Failure | null>(null);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (waiting.value) return;
    waiting.value = true;
    failure.value = null;
    try {
      failure.value = await props.submit();
    } finally {
      waiting.value = false;
    }
  };
  const why = failure.value;
  return (
    <main class="sign-in-page">
      <form class="sign-in" data-testid={props.testid} onSubmit={submit}>
        <h1>{props.title}</h1>
        {props.children}
        {why && (
          <p class="say-bad" role="alert">
            {why.why === 'refused' ? why.sentence[language.value] : deskTexts.t('unreached')}
          </p>
        )}
        <button type="submit" class="primary" disabled={waiting.value}>
          {waiting.value ? props.busy : props.button}
        </button>
        <LanguageSwitch />
      </form>
    </main>
  );
}
