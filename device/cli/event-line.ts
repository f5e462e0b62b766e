// One decoder event as the line of JSON that `decode` prints. Called by the decode tool and its tests.
import type { CentiCelsius } from '../../src/domain/reading.ts';
import type { DeviceEvent } from '../drivers/driver.ts';

export function lineOfEvent(event: DeviceEvent): string {
  switch (event.kind) {
    case 'reading': {
      const { objectCenti, ambientCenti, bodyCenti } = event;
      const values = `"objectC":${decimal(objectCenti)},"ambientC":${decimal(ambientCenti)},"bodyC":${decimal(bodyCenti)}`;
      return `{"kind":"reading",${values}${event.unchecked ? ',"unchecked":true' : ''}}`;
    }
    case 'tap':
      // A reader's own number is its uid; what is printed on the card is a conversion of it and not in the bytes.
      return JSON.stringify(
        event.uid === null ? { kind: 'tap', printed: event.printed } : { kind: 'tap', uid: event.uid },
      );
    case 'rejected':
      return JSON.stringify({ kind: 'rejected', reason: event.reason });
    default:
      return event satisfies never;
  }
}

/** 3192 -> '31.92', 3600 -> '36', -5 -> '-0.05', null -> 'null': a JSON number made from integers. */
function decimal(centi: CentiCelsius | null): string {
  if (centi === null) return 'null';
  const size = Math.abs(centi);
  const fraction = String(size % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${centi < 0 ? '-' : ''}${Math.floor(size / 100)}${fraction === '' ? '' : `.${fraction}`}`;
}
