// How a check ended and what to do about it. Rendered by InstrumentPanel.
import type { CheckResult, InstrumentsAnswer } from '../../contracts/instrument.ts';
import { instrumentTexts } from '../../i18n/settings-instrument.ts';

const { t } = instrumentTexts;
type Props = { result: CheckResult; rules: InstrumentsAnswer['rules']; onAgain: () => void };

export function CheckResultCard({ result, rules, onAgain }: Props) {
  const { outcome, differenceTenths, slopePercent } = result;
  return (
    <div data-testid="check-result" data-outcome={outcome}>
      <p class="value" data-good={outcome === 'passed'} data-bad={outcome === 'barred'} role="status">
        {t(`result-${outcome}`)}
      </p>
      {differenceTenths !== null && (
        <p>
          {t('result-difference', {
            value: fixed(differenceTenths, 10, 1),
            limit: fixed(rules.shiftDifferenceTenths, 10, 1),
          })}
        </p>
      )}
      {slopePercent !== null && (
        <p>
          {t('result-slope', {
            value: fixed(slopePercent, 100, 2),
            min: fixed(rules.slopeMinPercent, 100, 2),
            max: fixed(rules.slopeMaxPercent, 100, 2),
          })}
        </p>
      )}
      <p>{t(`do-${outcome}`)}</p>
      <button type="button" class="button" data-testid="check-again" onClick={onAgain}>
        {t('again')}
      </button>
    </div>
  );
}

/** For the eye alone: what was decided was decided in integers. */
function fixed(value: number, of: number, digits: number): string {
  return (value / of).toFixed(digits);
}
