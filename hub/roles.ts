// Who may do what, as one table. Called by the routes before anything else.
export type Role = 'nurse' | 'admin' | 'guard' | 'office';

export const operations = {
  'referral.read': ['nurse', 'admin'],
  'referral.step': ['nurse', 'admin'],
  'feed.clinic': ['nurse', 'admin'],
  'order.change': ['nurse', 'admin'],
  'roster.import': ['admin'],
  'policy.read': ['admin'],
  'policy.write': ['admin'],
  'campus.mode': ['admin'],
  'faults.read': ['admin', 'office'],
  'unmeasured.read': ['nurse', 'admin', 'office'],
  'drift.read': ['admin', 'office', 'nurse'],
  'station.read': ['admin', 'office'],
  'station.manage': ['admin'],
} as const satisfies Record<string, readonly Role[]>;
export type Operation = keyof typeof operations;

export function mayDo(role: Role, operation: Operation): boolean {
  const allowed: readonly Role[] = operations[operation];
  return allowed.includes(role);
}
