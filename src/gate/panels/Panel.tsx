// What a panel stands in: its name, the way back and a title. Painted by the panels and the visitors' room.
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';

type Props = {
  title: string;
  /** In place of the title, where it tells more. */
  heading?: string;
  testId: string;
  onClose: () => void;
  children: ComponentChildren;
};

export function PanelHead({ title, onClose }: { title: string; onClose: () => void }) {
  return (
    <div class="panel-head">
      <Button icon="back" label={t('act.back')} onPress={onClose} testId="panel-close" />
      <h1>{title}</h1>
    </div>
  );
}

export function Panel({ title, heading = title, testId, onClose, children }: Props) {
  return (
    <section class="panel" data-testid={testId} aria-label={title}>
      <PanelHead title={heading} onClose={onClose} />
      {children}
    </section>
  );
}
