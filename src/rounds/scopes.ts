// Which kinds of round somebody does: a dorm manager buildings, a class teacher classes. Called by the controller.
import { type RoundScope, roundScopes } from '../domain/round.ts';
import { type Role, scopeKindsOf } from '../domain/staff.ts';

/** What the scopes of this role are made of: buildings, classes, or both for who follows all of them up and for a role not known here. */
export function scopesOf(role: string | undefined): readonly RoundScope[] {
  const kinds = isRole(role) ? scopeKindsOf[role] : [];
  const own = roundScopes.filter((scope) => kinds.includes(scope));
  return own.length > 0 ? own : roundScopes;
}

function isRole(role: string | undefined): role is Role {
  return role !== undefined && Object.hasOwn(scopeKindsOf, role);
}
