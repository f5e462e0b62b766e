// One decoder event as the line of JSON that `decode` prints. Called by the decode tool and its tests.
import type { CentiCelsius } from '../../src/domain/reading.ts';
import type { Decimal, DeviceEvent, Says } from '../drivers/driver.ts';

/** `showsPrinted`: a conversion was declared, so that the printed number stands beside the uid. */
export function lineOfEvent(event: DeviceEvent, showsPrinted = false): string {
  switch (event.kind) {
    case 'reading': {
      const { objectCenti, ambientCenti, bodyCenti } = event;
      const values = `"objectC":${degrees(objectCenti)},"ambientC":${degrees(ambientCenti)},"bodyC":${degrees(bodyCenti)}`;
      return `{"kind":"reading",${values}${event.unchecked ? ',"unchecked":true' : ''}${members(event.also ?? {})}}`;
    }
    case 'tap':
      // A reader's own number is its uid; what is printed on the card is a conversion of it and not in the bytes.
      return `{"kind":"tap"${members({
        ...(event.uid === null ? { printed: event.printed ?? '' } : { uid: event.uid }),
        ...event.also,
        ...(showsPrinted && event.printed !== null ? { printed: event.printed } : {}),
        ...(event.unchecked ? { unchecked: true } : {}),
      })}}`;
    case 'setting':
    case 'ack':
    case 'keypad':
    case 'inputs':
      return `{"kind":"${event.kind}"${members(event.says)}}`;
    case 'rejected':
      return `{"kind":"rejected"${members({ reason: event.reason, ...event.says })}}`;
    default:
      return event satisfies never;
  }
}

const isDecimal = (value: Says[string]): value is Decimal => typeof value === 'object' && 'digits' in value;

const members = (says: Says) =>
  Object.entries(says)
    .map(([name, value]) => `,${JSON.stringify(name)}:${isDecimal(value) ? decimal(value) : JSON.stringify(value)}`)
    .join('');

/** 3192 -> '31.92', 3600 -> '36', null -> 'null'. */
const degrees = (centi: CentiCelsius | null) => (centi === null ? 'null' : decimal({ digits: centi, decimals: 2 }));

/** { digits: -5, decimals: 2 } -> '-0.05': a JSON number made from integers. */
function decimal({ digits, decimals }: Decimal): string {
  const text = String(Math.abs(digits)).padStart(decimals + 1, '0');
  const fraction = text.slice(text.length - decimals).replace(/0+$/, '');
  const whole = text.slice(0, text.length - decimals);
  return `${digits < 0 ? '-' : ''}${whole}${decimals === 0 || fraction === '' ? '' : `.${fraction}`}`;
}
