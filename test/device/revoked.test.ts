// A revoked station goes on recording: with a hub that answers 403 to everything, the bridge admits, opens, journals and starts
// anew, and sends its entries as soon as it is enrolled again. And what its journal lost is passed on, and said to be.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../kit/programs.ts';
import { admission, openHex, type Page, pageWriter, type Rig, startRig, until } from './bridge-kit.ts';

let rig: Rig | undefined;
afterEach(() => rig?.stop());

/** Milliseconds of the bridge's clock at this moment, as it answers a ping. */
async function now(page: Page): Promise<number> {
  page.messages.length = 0;
  page.send({ type: 'ping', id: 1 });
  return (await page.next('pong')).monoMs;
}

test('with a hub that says 403 the bridge admits, opens and journals, also after a restart', async () => {
  rig = await startRig(await freePort());
  const { relay, hubCalls } = rig;
  rig.onHub((_call, response) => {
    response.writeHead(403, { 'Content-Type': 'application/json' });
    response.end('{"error":{"code":"station-revoked","zh":"已撤销","en":"revoked"}}');
  });
  const write = pageWriter();
  for (let start = 1; start <= 2; start += 1) {
    const page = await rig.page();
    await page
      .next('device', ({ status }) => status.role === 'barrier' && status.state === 'online')
      .catch(() => undefined);
    const opened = relay.filter((hex) => hex === openHex).length;
    const envelope = write(admission());
    page.send({ type: 'append', envelope, open: { notAfterMs: (await now(page)) + 900 } });
    expect(await page.next('journaled')).toMatchObject({ entryId: envelope.entryId });
    await until(() => relay.filter((hex) => hex === openHex).length === opened + 1, 'the barrier opened');
    page.close();
    await rig.restart();
  }
  const last = await rig.page();
  expect(last.hello.journal.find(({ writerId }) => writerId === write(admission()).writerId)?.seq).toBe(2);
  expect(hubCalls.some(({ url }) => url === '/hub/entries')).toBe(true);
  last.close();
});

test('what the page uploads is refused with the hub’s own 403, and goes through once the station is enrolled again', async () => {
  rig = await startRig(await freePort());
  let revoked = true;
  rig.onHub(({ url }, response) => {
    response.writeHead(revoked ? 403 : 200, { 'Content-Type': 'application/json' });
    response.end(
      JSON.stringify(revoked ? { error: { code: 'station-revoked', zh: '已撤销', en: 'revoked' } } : { url }),
    );
  });
  const envelope = pageWriter()(admission());
  const body = JSON.stringify({
    contract: 1,
    writerId: envelope.writerId,
    receiptedSeq: 0,
    epoch: null,
    entries: [envelope],
  });
  const headers = { Cookie: await rig.cookie(), Origin: rig.origin, 'Content-Type': 'application/json' };
  const send = () => fetch(`${rig?.origin}/hub/entries`, { method: 'POST', headers, body });
  const refused = await send();
  expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: 'station-revoked' } }]);
  const page = await rig.page();
  expect(page.hello.journal.at(-1)).toMatchObject({ writerId: envelope.writerId, seq: 1 });
  page.close();
  revoked = false;
  expect((await send()).status).toBe(200);
});

test('a batch whose beginning the journal lost is passed on and signed as such; one that it holds is signed as held', async () => {
  rig = await startRig(await freePort());
  rig.onHub((_call, response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
  const write = pageWriter();
  const [one, two, three] = [write(admission()), write(admission()), write(admission())];
  const holdings: string[] = [];
  const send = async (entries: unknown[]) => {
    const headers = { Cookie: await rig?.cookie(), Origin: rig?.origin ?? '', 'Content-Type': 'application/json' };
    const body = JSON.stringify({ contract: 1, writerId: one.writerId, receiptedSeq: 0, epoch: null, entries });
    await fetch(`${rig?.origin}/hub/entries`, { method: 'POST', headers: headers as Record<string, string>, body });
    const call = rig?.hubCalls.findLast(({ body: sent }) => sent === body);
    holdings.push(String(call?.headers['mengang-signature']).split(' ')[2] ?? '');
  };
  await send([one, two]);
  await rig.bridge.stop();
  await rm(join(rig.dir, 'state', 'journal'), { recursive: true });
  await rig.restart();
  await send([three]);
  await send([one, two, three]);
  expect(holdings).toEqual(['held', 'passed-on', 'held']);
});
