// One line of `rehearse`: parsed from JSON, checked, and unrolled into the events of a lane. Called by rehearse-run.
import * as z from 'zod/mini';
import { policyDocument, policyOf } from '../../src/contracts/policy.ts';
import type { PersonFacts } from '../../src/domain/order.ts';
import type { Direction } from '../../src/domain/passage.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Tenths, tenthsOf } from '../../src/domain/reading.ts';

/** Bounds of one scenario. */
export const limits = { lineBytes: 1_048_576, events: 10_000, samples: 128, nameChars: 200 } as const;

const name = z.string().check(z.minLength(1), z.maxLength(limits.nameChars));
const degrees = z.number().check(z.gte(-100), z.lte(1_000));
const site = z.enum(['forehead', 'wrist', 'neck', 'ear', 'axillary', 'oral']);
const atMs = z.int();
const person = z.strictObject({
  known: z.optional(z.boolean()),
  order: z.optional(z.nullable(z.enum(['isolation', 'home', 'hospital', 'watch', 'referral']))),
  presence: z.optional(z.enum(['on-campus', 'away', 'granted'])),
  questionsDue: z.optional(z.boolean()),
  /** Residents and duty staff, who pass a closed campus. */
  passesClosedCampus: z.optional(z.boolean()),
});

/** Events by the key that says what happens; each has exactly one of these keys. */
const eventShapes = {
  tap: z.strictObject({ atMs, tap: name }),
  samplesC: z.strictObject({
    atMs,
    samplesC: z.array(degrees).check(z.maxLength(limits.samples)),
    site: z.optional(site),
    card: z.optional(name),
  }),
  contactC: z.strictObject({ atMs, contactC: degrees, site: z.optional(site), card: z.optional(name) }),
  answers: z.strictObject({ atMs, answers: z.enum(['clear', 'symptom', 'region']), card: z.optional(name) }),
  sensor: z.strictObject({ atMs, sensor: z.enum(['lost', 'back']) }),
  /** The wall clock jumps; `atMs` is monotonic, so nothing on the lane moves. */
  clockJumpMs: z.strictObject({ atMs, clockJumpMs: z.number() }),
} as const;
export type ScenarioEvent = z.infer<(typeof eventShapes)[keyof typeof eventShapes]>;

const frame = z.strictObject({
  name,
  policy: z.optional(policyDocument),
  ambientC: z.optional(z.nullable(degrees)),
  baselineC: z.optional(z.nullable(degrees)),
  direction: z.optional(z.enum(['in', 'out'])),
  campus: z.optional(z.enum(['open', 'closed'])),
  people: z.optional(z.record(name, person)),
  events: z.array(z.record(z.string(), z.unknown())).check(z.maxLength(limits.events)),
});

export type Scenario = {
  name: string;
  policy: Policy;
  ambientTenths: Tenths | null;
  baselineTenths: Tenths | null;
  direction: Direction;
  campus: 'open' | 'closed';
  people: ReadonlyMap<string, PersonFacts>;
  events: readonly ScenarioEvent[];
};

/** What the worked cases of the protocol assume where a scenario says nothing. */
const usualAmbientTenths = 220;

/** A scenario from a parsed line; throws a RangeError with one sentence that names the place and what it may be. */
export function scenarioOf(line: unknown): Scenario {
  const { name, policy, ambientC, baselineC, direction, campus, people, events } = checked(frame, line, '');
  return {
    name,
    policy: policyOf(policy ?? {}, 0),
    ambientTenths: ambientC === undefined ? usualAmbientTenths : tenthsOrNull(ambientC),
    baselineTenths: tenthsOrNull(baselineC ?? null),
    direction: direction ?? 'in',
    campus: campus ?? 'open',
    people: new Map(Object.entries(people ?? {}).flatMap(([card, one]) => factsOf(card, one))),
    events: inOrder(events.map((event, index) => eventOf(event, `events[${index}]`))),
  };
}

/** `atMs` is a monotonic clock: it may stand, it never goes back. */
function inOrder(events: ScenarioEvent[]): ScenarioEvent[] {
  let beforeMs = Number.NEGATIVE_INFINITY;
  for (const [index, event] of events.entries()) {
    if (event.atMs < beforeMs) {
      throw new RangeError(`events[${index}].atMs must not be earlier than the event before it (${beforeMs}).`);
    }
    beforeMs = event.atMs;
  }
  return events;
}

/** 36.55 -> 3655, as the instrument would have said it. */
export function centiOf(degreesC: number): number {
  return Math.round(degreesC * 100);
}

function tenthsOrNull(degreesC: number | null): Tenths | null {
  return degreesC === null ? null : tenthsOf(centiOf(degreesC));
}

function factsOf(card: string, one: z.infer<typeof person>): [string, PersonFacts][] {
  if (one.known === false) return [];
  const order = one.order ?? null;
  return [
    [
      card,
      {
        personId: card,
        order: order === 'referral' ? null : order,
        orderDay: null,
        caseOpen: order === 'referral',
        presence: one.presence ?? 'on-campus',
        questionsDue: one.questionsDue ?? false,
        passesClosedCampus: one.passesClosedCampus ?? false,
      },
    ],
  ];
}

function eventOf(event: { [key: string]: unknown }, place: string): ScenarioEvent {
  const kinds = Object.keys(eventShapes).filter((key) => key in event);
  const kind = kinds[0];
  if (kind === undefined || kinds.length > 1) {
    throw new RangeError(`${place} must have atMs and exactly one of ${Object.keys(eventShapes).join(', ')}.`);
  }
  return checked(eventShapes[kind as keyof typeof eventShapes], event, place);
}

function checked<T extends z.ZodMiniType>(shape: T, value: unknown, place: string): z.infer<T> {
  const parsed = z.safeParse(shape, value, { error: sentenceOf });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = [place, ...(issue?.path ?? [])].reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' || part === '' ? '' : '.'}${String(part)}`,
    '',
  );
  throw new RangeError(`${at === '' ? 'The line' : at} ${issue?.message ?? 'is not what was expected'}.`);
}

/** What is wrong, as the rest of a sentence that begins with the place. */
function sentenceOf(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing (${issue.expected} expected)`
        : `must be of type ${issue.expected}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${issue.origin === 'number' || issue.origin === 'int' ? '' : ' long'}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${issue.origin === 'number' || issue.origin === 'int' ? '' : ' long'}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return `has an unknown key: ${issue.keys.join(', ')}; docs/policy.md and docs/operations.md list the known ones`;
    default:
      return 'is outside what is allowed there (docs/policy.md gives bounds and decimals)';
  }
}
