// Rows of the paper form, typed into the settings when the power is back: each becomes a check of the bridge's own writer, marked
// with when it happened and who typed it. Mounted by bridge among the routes of settings-http, behind its session by PIN.

import type * as z from 'zod/mini';
import { type paperAnswer, paperRequest } from '../src/contracts/settings.ts';
import { paperCheck } from '../src/domain/paper.ts';
import type { Direction } from '../src/domain/passage.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { OwnWriter } from './bridge-writer.ts';
import { ok, postRoute, type SettingsRoute } from './settings-route.ts';
import { settingsTexts } from './texts-settings.ts';

export const limits = { agoMs: 7 * 86_400_000, remembered: 64 } as const;

export type PaperParts = {
  writer: Pick<OwnWriter, 'write' | 'settled'>;
  policy: () => Policy;
  station: { code: string; direction: Direction };
  wallMs: () => number;
  newId: () => string;
};

/** POST paper: all rows or none; a batch that comes again is answered as the first time. */
export function paperRoutes(parts: PaperParts): SettingsRoute[] {
  const { writer, station } = parts;
  const done = new Map<string, z.infer<typeof paperAnswer>>();
  return [
    postRoute('/settings/api/paper', paperRequest, async ({ body, by }) => {
      const before = done.get(body.batchId);
      if (before !== undefined) return ok(before);
      const nowWallMs = Math.round(parts.wallMs());
      const fits = body.rows.every(({ atWallMs }) => atWallMs <= nowWallMs && nowWallMs - atWallMs <= limits.agoMs);
      if (!fits) return { status: 422, code: 'paper-time', sentence: settingsTexts.paperTime() };
      const checks = body.rows.map((row, index) =>
        paperCheck(
          row,
          {
            nowWallMs,
            typedBy: by.staffId,
            passageId: parts.newId(),
            direction: station.direction,
            caseNo: `${station.code}-P${body.batchId.slice(0, 4).toUpperCase()}${index + 1}`,
          },
          parts.policy(),
        ),
      );
      for (const check of checks) writer.write(check);
      const answer = { saved: checks.length, cases: checks.filter(({ raisesCase }) => raisesCase).length };
      const oldest = done.keys().next();
      if (done.size >= limits.remembered && !oldest.done) done.delete(oldest.value);
      done.set(body.batchId, answer);
      // In the writer's line they keep their place; told apart, so that the sheet is not thrown away yet.
      return (await writer.settled())
        ? ok(answer)
        : { status: 503, code: 'paper-waits', sentence: settingsTexts.paperWaits() };
    }),
  ];
}
