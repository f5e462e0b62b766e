// One act of a form: it waits for its answer, a second press waits for the first, and it says why it came to nothing. Used by DoorForm
// and the dialogs of the administration.
import { useSignal } from '@preact/signals';
import { language } from '../../i18n/define.ts';
import type { Failure } from './failure.ts';

export type Act = { isWaiting: boolean; failure: Failure | null; submit(event: Event): Promise<void> };

/** `run` answers null when it is done; then `onDone` is called. */
export function useAct(run: () => Promise<Failure | null>, onDone = (): void => {}): Act {
  const waiting = useSignal(false);
  const failure = useSignal<Failure | null>(null);
  return {
    isWaiting: waiting.value,
    failure: failure.value,
    async submit(event) {
      event.preventDefault();
      if (waiting.value) return;
      waiting.value = true;
      failure.value = null;
      try {
        failure.value = await run();
      } finally {
        waiting.value = false;
      }
      if (failure.value === null) onDone();
    },
  };
}

/** Why it came to nothing; `unreached` is the page's own sentence for a hub that did not answer. */
export function FailureLine({ failure, unreached }: { failure: Failure | null; unreached: string }) {
  if (failure === null) return null;
  return (
    <p class="say-bad" role="alert">
      {failure.why === 'refused' ? failure.sentence[language.value] : unreached}
    </p>
  );
}
