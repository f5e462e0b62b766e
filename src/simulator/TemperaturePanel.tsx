// The dial: a body temperature by presets, slider and steps of a tenth. Rendered by SimulatorPage.
import type { Signal } from '@preact/signals';
import { textOfTenths } from '../domain/reading.ts';
import { simulatorTexts } from '../i18n/simulator.ts';

const { t } = simulatorTexts;

/** Tenths of a degree. */
export const limits = { min: 330, max: 425 } as const;
const presets = [
  [365, 'preset-normal'],
  [372, 'preset-borderline'],
  [373, 'preset-fever'],
  [382, 'preset-urgent'],
  [345, 'preset-low'],
] as const;

export function TemperaturePanel(props: { bodyTenths: Signal<number> }) {
  const { bodyTenths } = props;
  const dial = (tenths: number) => {
    bodyTenths.value = Math.min(limits.max, Math.max(limits.min, Math.round(tenths)));
  };
  return (
    <section aria-labelledby="temperature-title">
      <h2 id="temperature-title">{t('temperature')}</h2>
      <div class="dial">
        <button type="button" aria-label={t('minus')} onClick={() => dial(bodyTenths.value - 1)}>
          −
        </button>
        <output data-testid="dialled">{textOfTenths(bodyTenths.value)} ℃</output>
        <button type="button" aria-label={t('plus')} onClick={() => dial(bodyTenths.value + 1)}>
          +
        </button>
      </div>
      <input
        type="range"
        aria-label={t('body')}
        min={limits.min}
        max={limits.max}
        step={1}
        value={bodyTenths.value}
        aria-valuetext={`${textOfTenths(bodyTenths.value)} ℃`}
        onInput={(event) => dial(event.currentTarget.valueAsNumber)}
      />
      <div class="presets">
        {presets.map(([tenths, label]) => (
          <button type="button" key={tenths} aria-pressed={bodyTenths.value === tenths} onClick={() => dial(tenths)}>
            {textOfTenths(tenths)}
            <small>{t(label)}</small>
          </button>
        ))}
      </div>
    </section>
  );
}
