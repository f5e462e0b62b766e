// Back button and title of a panel. Painted by the panels.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';

export function PanelHead({ title, onClose }: { title: string; onClose: () => void }) {
  return (
    <div class="panel-head">
      <Button icon="back" label={t('act.back')} onPress={onClose} testId="panel-close" />
      <h1>{title}</h1>
    </div>
  );
}
