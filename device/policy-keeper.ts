// The policy in force as far as the bridge needs it (checks on the instrument): told by the hub with the station's answer,
// kept for the days without a hub. Called by bridge.
import { stat } from 'node:fs/promises';
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
  /** When the policy in force came from the hub, wall clock; null = none ever came, and the defaults are in force. */
  cameWallMs(): number | null;
  /** The hub's answer to GET /hub/station; one without a readable policy changes nothing. */
  take(answer: unknown): Promise<void>;
};

export async function createPolicyKeeper(
  stateDir: string,
  log: Log,
  onChange: () => void,
  wallMs: () => number = Date.now,
): Promise<PolicyKeeper> {
  const path = join(stateDir, 'policy.json');
  const stored = usable(await readState(path), log);
  let current = stored ?? defaultPolicy;
  // The file is written when a policy comes that differs: its age is the policy's.
  let cameWallMs = stored === null ? null : Math.round((await stat(path)).mtimeMs);
  /** What is in force could not be written yet: a full disk is asked again with every answer. */
  let isUnwritten = false;
  return {
    current: () => current,
    cameWallMs: () => cameWallMs,
    take: async (answer) => {
      const parsed = told.safeParse(answer);
      const next = parsed.success ? usable(parsed.data.policy, log) : null;
      const isSame = JSON.stringify(next) === JSON.stringify(current);
      // The first that equals the defaults is kept too: from then on they are the hub's word.
      if (next === null || (isSame && !isUnwritten && cameWallMs !== null)) return;
      current = next;
      if (!isSame || cameWallMs === null) cameWallMs = Math.round(wallMs());
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
