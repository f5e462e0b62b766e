// The settings page's calls for the guided checks: standing and live values of each thermometer, power-on, measurements.
// Mounted by bridge among the routes of settings-http, behind its session by PIN; docs/protocol.md tells the conversation.
import {
  cancelRequest,
  type InstrumentsAnswer,
  instrumentsPath,
  measureRequest,
  powerOnRequest,
} from '../src/contracts/instrument.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { Done, Instruments } from './instruments.ts';
import { getRoute, ok, postRoute, type SettingsAnswer, type SettingsRoute } from './settings-route.ts';
import { instrumentTexts } from './texts-instruments.ts';

const path = `/settings/api/${instrumentsPath}`;

export type InstrumentRouteParts = {
  instruments: Instruments;
  policy: () => Policy;
  wallMs: () => number;
};

/** GET instruments; POST instruments/power-on, /measure, /cancel. Every good answer is an instrumentsAnswer. */
export function instrumentRoutes(parts: InstrumentRouteParts): SettingsRoute[] {
  const { instruments } = parts;

  function told(): SettingsAnswer {
    const { warmUpMs, shiftDifferenceTenths, slopeMinPercent, slopeMaxPercent, slopeApartTenths, checkSamples } =
      parts.policy();
    return ok({
      contract: contractVersion,
      wallMs: Math.round(parts.wallMs()),
      rules: { warmUpMs, shiftDifferenceTenths, slopeMinPercent, slopeMaxPercent, slopeApartTenths, checkSamples },
      instruments: instruments.list(),
    } satisfies InstrumentsAnswer);
  }

  function became(done: Done): SettingsAnswer {
    if (done.ok) return told();
    const { reason } = done;
    const sentence = instrumentTexts.refusals(parts.policy())[reason];
    return { status: reason === 'unknown-device' ? 404 : reason === 'not-saved' ? 500 : 409, code: reason, sentence };
  }

  return [
    getRoute(path, told),
    postRoute(`${path}/power-on`, powerOnRequest, async ({ body, by }) =>
      became(await instruments.powerOn(body.deviceId, body.agoMs, by.staffId)),
    ),
    postRoute(`${path}/measure`, measureRequest, async ({ body, by }) =>
      became(await instruments.measure(body, by.staffId)),
    ),
    postRoute(`${path}/cancel`, cancelRequest, ({ body }) => became(instruments.cancel(body.deviceId))),
  ];
}
