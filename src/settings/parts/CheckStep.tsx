// One step of a check: the picture, what to do, the known temperature by keys, and the button that measures. Rendered by
// InstrumentPanel.
import { useSignal } from '@preact/signals';
import type { InstrumentsAnswer, InstrumentView } from '../../contracts/instrument.ts';
import { instrumentTexts } from '../../i18n/settings-instrument.ts';
import type { Act } from '../panels/InstrumentPanel.tsx';
import { CheckPicture, type Pictured } from './CheckPicture.tsx';
import { celsius } from './celsius.ts';
import { Keys } from './Keys.tsx';

/** Three digits are tenths: 366 is 36.6. */
const digitsMax = 3;
const { t } = instrumentTexts;

type Props = {
  one: InstrumentView;
  check: 'shift' | 'slope';
  rules: InstrumentsAnswer['rules'];
  act: Act;
  onCancel: () => void;
};

export function CheckStep({ one, check, rules, act, onCancel }: Props) {
  const typed = useSignal('');
  const usesReference = useSignal(false);
  const isMeasuring = useSignal(false);
  const measures = one.running?.check === check ? one.running.measures : [];
  const first = measures[0];
  const n = first === undefined ? 1 : 2;
  const what = check === 'slope' ? 'target' : usesReference.value ? 'reference' : 'person';
  const picture: Pictured = what === 'target' ? (n === 1 ? 'target-1' : 'target-2') : what;
  const apart = (rules.slopeApartTenths / 10).toFixed(1);
  const todo = picture === 'person' ? t('do-person', { n }) : t(`do-${picture}`, { apart });
  const isReady = typed.value.length === digitsMax && one.live !== null && !isMeasuring.value;
  const measure = async () => {
    isMeasuring.value = true;
    const request = { deviceId: one.deviceId, check, what, knownCenti: Number(typed.value) * 10 };
    if (await act('measure', request)) {
      typed.value = '';
      usesReference.value = false;
    }
    isMeasuring.value = false;
  };
  return (
    <div class="check-step" data-testid="check-step" data-step={n}>
      <div class="check-todo">
        <CheckPicture what={picture} />
        <div>
          <h3>{t('step', { n })}</h3>
          <p>{todo}</p>
          {first !== undefined && (
            <p class="note">
              {t('so-far', { known: celsius(first.knownCenti), infrared: celsius(first.infraredCenti) })}
            </p>
          )}
        </div>
        {check === 'shift' && (
          <div class="acts">
            {([false, true] as const).map((isReference) => (
              <button
                key={String(isReference)}
                type="button"
                class="button"
                aria-pressed={usesReference.value === isReference}
                onClick={() => {
                  usesReference.value = isReference;
                }}
              >
                {t(isReference ? 'use-reference' : 'use-person')}
              </button>
            ))}
          </div>
        )}
      </div>
      <div class="check-entry">
        <p>
          {t('typed')} <strong data-testid="typed">{shown(typed.value)}</strong>
        </p>
        <Keys
          keys={['1', '2', '3', '4', '5', '6', '7', '8', '9']}
          last="0"
          onKey={(digit) => {
            typed.value = (typed.value + digit).slice(0, digitsMax);
          }}
          onErase={() => {
            typed.value = typed.value.slice(0, -1);
          }}
        />
        <p role="status" data-good={one.live?.steady === true} data-testid="steady">
          {one.live === null ? t('no-live') : t(one.live.steady ? 'steady' : 'moving')}
        </p>
        <div class="acts">
          <button type="button" class="button" data-testid="cancel-check" onClick={onCancel}>
            {t('cancel')}
          </button>
          <button
            type="button"
            class="button primary"
            data-testid="measure"
            disabled={!isReady}
            onClick={() => void measure()}
          >
            {t('measure')}
          </button>
        </div>
      </div>
    </div>
  );
}

function shown(digits: string): string {
  const places = digits.padEnd(digitsMax, '\u2013');
  return `${places.slice(0, -1)}.${places.slice(-1)} \u2103`;
}
