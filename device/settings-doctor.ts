// The doctor on the settings page: the same code as `npm run doctor`, one run at a time, the report as it grows. Called by bridge.
import { type DoctorReport, doctorRequest } from '../src/contracts/settings.ts';
import type { DeviceConfig } from './config.ts';
import { type DoctorParts, runDoctor } from './doctor/doctor.ts';
import type { Log } from './log.ts';
import { getRoute, ok, postRoute, type SettingsAnswer, type SettingsRoute } from './settings-route.ts';
import { settingsTexts } from './texts-settings.ts';

export type SettingsDoctorParts = { devices: readonly DeviceConfig[]; doctor: DoctorParts; log: Log };

export function doctorRoutes({ devices, doctor, log }: SettingsDoctorParts): readonly SettingsRoute[] {
  let report: DoctorReport = { running: false, ok: true, findings: [], ports: [] };
  let isRunning = false;

  const start = (request: { seconds: number; ask: boolean; paths: readonly string[] }): SettingsAnswer => {
    if (isRunning) return { status: 409, code: 'running', sentence: settingsTexts.doctorRuns() };
    isRunning = true;
    report = { running: true, ok: true, findings: [], ports: [] };
    const options = { ...request, askProfiles: [], devices, isBridge: true };
    runDoctor(options, {
      ...doctor,
      onChange: (grown) => {
        report = grown;
      },
    })
      .catch((error: unknown) => {
        log.error({ event: 'doctor-failed', reason: error instanceof Error ? error.message : 'unknown' });
        const failed = { level: 'wrong', code: 'failed', say: settingsTexts.failed() } as const;
        report = { ...report, running: false, ok: false, findings: [failed] };
      })
      .finally(() => {
        isRunning = false;
      });
    return { status: 202, body: {} };
  };

  return [
    getRoute('/settings/api/doctor', () => ok(report)),
    postRoute('/settings/api/doctor', doctorRequest, ({ body }) => start(body)),
  ];
}
