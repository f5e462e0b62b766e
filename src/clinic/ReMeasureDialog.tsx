// The contact reading at the clinic: three digits, site, symptoms, listed region. Rendered by ClinicBoard.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type * as z from 'zod/mini';
import { type Referral, symptom } from '../contracts/clinic.ts';
import type { Region } from '../contracts/region.ts';
import { textOfTenths } from '../domain/reading.ts';
import { clinicTexts } from '../i18n/clinic.ts';
import { language } from '../i18n/define.ts';
import { regionNames } from '../i18n/region-names.ts';
import { Dialog } from '../ui/desk/Dialog.tsx';
import { CaseLine } from './CaseLine.tsx';
import type { ClinicController, Step } from './clinic-controller.ts';
import { typedTenths } from './clinic-rules.ts';
import { Keypad } from './Keypad.tsx';

const { t } = clinicTexts;
const sites = ['axillary', 'oral', 'ear', 'forehead'] as const;
type Symptom = z.infer<typeof symptom>;

export function ReMeasureDialog(props: { clinic: ClinicController; referral: Referral; onClose(): void }) {
  const { clinic, referral } = props;
  const digits = useSignal('');
  const site = useSignal<(typeof sites)[number]>('axillary');
  const symptoms = useSignal<readonly Symptom[]>([]);
  const listedRegion = useSignal(false);
  const regions = useSignal<readonly Region[]>([]);
  useEffect(() => {
    void clinic.regions().then((all) => {
      regions.value = all;
    });
  }, []);
  const tenths = typedTenths(digits.value);
  const outside = digits.value.length === 3 && tenths === null;
  const busy = clinic.state.value.busy.has(referral.caseId);

  const submit = async () => {
    // Read at the press, not at the last paint: digits may have come in between.
    const tenths = typedTenths(digits.value);
    if (tenths === null || busy) return;
    const step: Step = {
      to: 're-measured',
      centiCelsius: tenths * 10,
      site: site.value,
      symptoms: [...symptoms.value],
      listedRegion: listedRegion.value,
    };
    await clinic.take(referral.caseId, step);
    props.onClose();
  };
  const toggle = (one: Symptom) => {
    symptoms.value = symptoms.value.includes(one)
      ? symptoms.value.filter((other) => other !== one)
      : [...symptoms.value, one];
  };
  return (
    <Dialog title={t('measure-title')} testid="measure-dialog" onClose={props.onClose}>
      <h2>{t('measure-title')}</h2>
      <CaseLine referral={referral} />
      <div class="measure">
        <Keypad digits={digits} onEnter={() => void submit()}>
          <output class="typed" data-testid="typed" data-outside={outside}>
            {tenths === null ? digits.value.padEnd(3, '_').replace(/(?=.$)/, '.') : textOfTenths(tenths)} ℃
          </output>
          <p class={outside ? 'say-bad' : 'hint'} role={outside ? 'alert' : undefined}>
            {t(outside ? 'measure-range' : 'measure-hint')}
          </p>
        </Keypad>
        <div class="asked">
          <fieldset>
            <legend>{t('site')}</legend>
            {sites.map((one) => (
              <label class="pick" key={one}>
                <input
                  type="radio"
                  name="site"
                  value={one}
                  checked={site.value === one}
                  onChange={() => (site.value = one)}
                />
                {t(`site-${one}`)}
              </label>
            ))}
          </fieldset>
          <fieldset>
            <legend>{t('symptoms')}</legend>
            {symptom.options.map((one) => (
              <label class="pick" key={one}>
                <input type="checkbox" name={one} checked={symptoms.value.includes(one)} onChange={() => toggle(one)} />
                {t(`symptom-${one}`)}
              </label>
            ))}
          </fieldset>
          <label class="pick wide">
            <input
              type="checkbox"
              name="listed-region"
              checked={listedRegion.value}
              onChange={(event) => (listedRegion.value = event.currentTarget.checked)}
            />
            {t('listed-region')}
          </label>
          {regions.value.length > 0 && (
            <details data-testid="regions">
              <summary>{t('regions', { n: regions.value.length })}</summary>
              <p>{regionNames(regions.value, language.value)}</p>
            </details>
          )}
        </div>
      </div>
      <div class="sheet-actions">
        <button type="button" class="plain" onClick={props.onClose}>
          {t('cancel')}
        </button>
        <button
          type="button"
          class="primary"
          data-testid="save-measure"
          disabled={tenths === null || busy}
          onClick={() => void submit()}
        >
          {t(busy ? 'sending' : 'save-measure')}
        </button>
      </div>
    </Dialog>
  );
}
