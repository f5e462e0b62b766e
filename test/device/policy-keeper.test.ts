// The policy on a station whose disk is full: in force at once, and on the disk as soon as there is room.
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentLog } from '../../device/log.ts';
import { createPolicyKeeper } from '../../device/policy-keeper.ts';

it('keeps a policy that could not be written, and writes it with the next answer', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'mengang-policy-'));
  try {
    const keeper = await createPolicyKeeper(dir, silentLog, () => undefined);
    const answer = { policy: { version: 7, document: { feverC: 37.5 } } };
    await symlink('/dev/full', join(dir, 'policy.json.new'));
    await expect(keeper.take(answer)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(keeper.current().feverTenths).toBe(375);
    await rm(join(dir, 'policy.json.new'));
    await keeper.take(answer);
    expect(JSON.parse(await readFile(join(dir, 'policy.json'), 'utf8'))).toMatchObject({ version: 7 });
    expect((await createPolicyKeeper(dir, silentLog, () => undefined)).current().feverTenths).toBe(375);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
