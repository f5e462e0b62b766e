// An export streams: what is held at once does not grow with what is written, and the audit of it holds. `npm run export:size`
// runs the same over 200,000 entries.
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { auditExport } from '../../hub/audit.ts';
import { exportTo, writeExport } from '../../hub/export.ts';
import { campusDay } from '../../src/domain/campus-day.ts';
import { genesisHash } from '../../src/domain/chain.ts';
import { startTestHub } from '../kit/hub.ts';

const rows = Number(process.env.EXPORT_ROWS ?? 10_000);
/** Measured with 200,000 entries: 36 MB for an export of 144 MB. */
const memoryBytesMax = 72_000_000;

test('entries go out and are audited in a bounded memory', async () => {
  const t = await startTestHub();
  try {
    const writer = randomUUID();
    const nowMs = t.clock.nowMs();
    await t.hub.pool.query(
      'insert into writers (writer_id, station_id, watermark, top_seq, first_seen_ms) values ($1, $2, $3, $3, $4)',
      [writer, t.station.id, rows, nowMs],
    );
    let hash = genesisHash(writer);
    const pad = 'x'.repeat(400);
    for (let from = 1; from <= rows; from += 5_000) {
      const batch = Array.from({ length: 5_000 }, (_, at) => {
        const b = JSON.stringify({ n: from + at, pad, wallMs: nowMs });
        hash = createHash('sha256').update(hash, 'hex').update(b).digest('hex');
        return { s: from + at, h: hash, b };
      });
      await t.hub.pool.query(
        `insert into entries (writer_id, seq, entry_id, hash, bytes, station_id, kind, wall_ms, received_ms)
         select $2, s, gen_random_uuid(), h, b, $3, 'check', $4, $4 from json_to_recordset($1::json) as r (s bigint, h text, b text)`,
        [JSON.stringify(batch), writer, t.station.id, nowMs],
      );
    }
    const path = join(t.stateDir, 'export.jsonl');
    const day = campusDay(nowMs);
    let peak = 0;
    const look = () => {
      const { heapUsed, external } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + external);
    };
    const before = process.memoryUsage();
    const out = createWriteStream(path);
    let written = 0;
    await writeExport(t.hub.pool, { from: day, to: day }, nowMs, async (line) => {
      if (written++ % 500 === 0) look();
      if (!out.write(line)) await once(out, 'drain');
    });
    out.end();
    await once(out, 'finish');
    async function* lines() {
      let read = 0;
      for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
        if (read++ % 500 === 0) look();
        yield line;
      }
    }
    const report = await auditExport(lines(), null);
    expect([report.faults, report.entries]).toEqual([[], rows]);
    const { size } = await stat(path);
    const grown = peak - before.heapUsed - before.external;
    console.log(`export of ${size} bytes, ${grown} bytes more in memory at most`);
    expect(size).toBeGreaterThan(rows * 600);
    expect(grown).toBeLessThan(memoryBytesMax);
  } finally {
    await t.stop();
  }
}, 180_000);

test('an export to a file is its owner’s alone, and one on a full disk leaves the older file as it was', async () => {
  const t = await startTestHub();
  try {
    const day = campusDay(t.clock.nowMs());
    const path = join(t.stateDir, 'export.jsonl');
    await writeFile(path, 'of last month', { mode: 0o644 });
    await symlink('/dev/full', `${path}.unfinished`);
    const days = { from: day, to: day };
    await expect(exportTo(t.hub.pool, days, t.clock.nowMs(), path)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await readFile(path, 'utf8')).toBe('of last month');
    await exportTo(t.hub.pool, days, t.clock.nowMs(), path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await auditExport(createInterface({ input: createReadStream(path) }), null)).faults).toEqual([]);
  } finally {
    await t.stop();
  }
});
