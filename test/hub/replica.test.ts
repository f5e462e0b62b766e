// The database's primary is lost in mid-upload and its synchronous replica promoted (fault 21): every receipt's row is there.
// Skipped by name where Debian's `postgresql` is not installed.
import { expect, test } from 'vitest';
import type { UploadAnswer } from '../../src/contracts/upload.ts';
import { startTestHub, TestWriter } from '../kit/hub.ts';
import { debianPostgres, startPair } from '../kit/postgres-pair.ts';

const bin = debianPostgres();

test.skipIf(bin === null)(
  'postgresql: a promoted replica holds every receipted row, and the hub reconnects by itself',
  { timeout: 120_000 },
  async () => {
    const pair = await startPair(bin ?? '');
    const t = await startTestHub({ databaseUrl: pair.url });
    try {
      const writers = Array.from({ length: 4 }, () => new TestWriter(t.station.id));
      const receipted = new Map<string, number>();
      let failed = 0;
      let goOn = true;
      /** Sends batch after batch; one that was not answered is sent again as it was. */
      const upload = async (w: TestWriter): Promise<void> => {
        while (goOn) {
          const entries = w.admissions(20);
          for (let answered = false; !answered; ) {
            const body = { contract: 1, writerId: w.writerId, receiptedSeq: 0, epoch: null, entries };
            const answer = await t.call('hub/entries', { token: t.station.token, body });
            answered = answer.status === 200;
            if (answered) receipted.set(w.writerId, (answer.body as UploadAnswer).watermark);
            else {
              failed += 1;
              expect([503, 500]).toContain(answer.status);
              await new Promise((later) => setTimeout(later, 100));
            }
          }
        }
      };
      const uploads = writers.map(upload);
      await expect
        .poll(() => [...receipted.values()].reduce((a, b) => a + b, 0), { timeout: 20_000 })
        .toBeGreaterThan(400);
      await pair.failOver();
      const atPromotion = new Map(receipted);
      await expect
        .poll(() => writers.every((w) => (receipted.get(w.writerId) ?? 0) > (atPromotion.get(w.writerId) ?? 0)), {
          timeout: 30_000,
        })
        .toBe(true);
      goOn = false;
      await Promise.all(uploads);
      expect(failed).toBeGreaterThan(0);
      for (const w of writers) {
        const rows = await t.hub.pool.query<{ n: number; top: number }>(
          'select count(*) as n, max(seq) as top from entries where writer_id = $1',
          [w.writerId],
        );
        const top = receipted.get(w.writerId);
        expect(rows.rows[0]).toEqual({ n: top, top });
      }
    } finally {
      await t.stop();
      await pair.stop();
    }
  },
);
