// Counters and gauges of one hub process, for GET /metrics. Called by hub.ts and the routes.
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { UploadAnswer } from '../src/contracts/upload.ts';

export type Metrics = {
  registry: Registry;
  uploaded(answer: UploadAnswer, seconds: number): void;
  refused(code: string): void;
};

export function makeMetrics(clients: () => number, waitingUploads: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const entries = new Counter({
    name: 'mengang_hub_entries_total',
    help: 'Entries by receipt',
    labelNames: ['status'],
    registers,
  });
  const refusals = new Counter({
    name: 'mengang_hub_refusals_total',
    help: 'Refusals by code',
    labelNames: ['code'],
    registers,
  });
  const batches = new Histogram({
    name: 'mengang_hub_batch_seconds',
    help: 'Time of an upload from request to answer',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  new Gauge({
    name: 'mengang_hub_feed_clients',
    help: 'Open feeds',
    registers,
    collect() {
      this.set(clients());
    },
  });
  new Gauge({
    name: 'mengang_hub_uploads_waiting',
    help: 'Batches that wait for their turn in the database',
    registers,
    collect() {
      this.set(waitingUploads());
    },
  });
  new Gauge({
    name: 'mengang_hub_heap_bytes',
    help: 'Used heap',
    registers,
    collect() {
      this.set(process.memoryUsage().heapUsed);
    },
  });
  return {
    registry,
    uploaded(answer, seconds) {
      for (const { status } of answer.results) entries.inc({ status });
      batches.observe(seconds);
    },
    refused: (code) => refusals.inc({ code }),
  };
}
