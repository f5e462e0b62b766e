// The policy in force as far as the bridge needs it (checks on the instrument): told by the hub with the station's answer,
// kept for the days without a hub. Called by bridge.
import { join } from 'node:path';
import * as z from 'zod/mini';
import { count } from '../src/contracts/kit.ts';
import { policyDocument, policyOf } from '../src/contracts/policy.ts';
import { defaultPolicy, type Policy } from '../src/domain/policy.ts';
import type { Log } from './log.ts';
import { readState, writeState } from './state-file.ts';

const kept = z.object({ version: count, document: policyDocument });
const told = z.object({ policy: kept });

export type PolicyKeeper = {
  current(): Policy;
  /** The hub's answer to GET /hub/station; one without a readable policy changes nothing. */
  take(answer: unknown): Promise<void>;
};

export async function createPolicyKeeper(stateDir: string, log: Log, onChange: () => void): Promise<PolicyKeeper> {
  const path = join(stateDir, 'policy.json');
  let current = usable(await readState(path), log) ?? defaultPolicy;
  /** What is in force could not be written yet: a full disk is asked again with every answer. */
  let isUnwritten = false;
  return {
    current: () => current,
    take: async (answer) => {
      const parsed = told.safeParse(answer);
      const next = parsed.success ? usable(parsed.data.policy, log) : null;
      const isSame = JSON.stringify(next) === JSON.stringify(current);
      if (next === null || (isSame && !isUnwritten)) return;
      current = next;
      isUnwritten = true;
      if (!isSame) onChange();
      await writeState(path, parsed.data?.policy);
      isUnwritten = false;
    },
  };
}

/** A policy that breaks its own bounds is not followed: the last good one stays in force. */
function usable(value: unknown, log: Log): Policy | null {
  const parsed = kept.safeParse(value);
  if (!parsed.success) return null;
  try {
    return policyOf(parsed.data.document, parsed.data.version);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    log.warn({ event: 'policy-refused', reason: error.message });
    return null;
  }
}
