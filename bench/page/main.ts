// The page of the benchmarks: runs the row that its address names and posts the figures to its server. Opened by bench/rows.

const asked = new URLSearchParams(location.search);
const rows: Record<string, () => Promise<unknown>> = {
  store: async () => (await import('./store.ts')).storeRow(),
  roster: async () => (await import('./roster.ts')).rosterRow(),
  drain: async () => (await import('./drain.ts')).drainRow(asked.get('station') ?? ''),
};

async function run(): Promise<unknown> {
  const row = rows[asked.get('row') ?? ''];
  if (row === undefined) throw new Error(`no row ${asked.get('row')}`);
  return { figures: await row() };
}

run()
  .catch((error: unknown) => ({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
  .then((result) => fetch('/bench/result', { method: 'POST', body: JSON.stringify(result) }));
