// A small campus for `npm start`: people, orders, staff and one station. Called by the command line (--seed-demo).
import { createHmac, randomBytes } from 'node:crypto';
import { dayMs } from '../src/domain/campus-day.ts';
import type { Pool } from './database.ts';
import type { Clock, Ledger } from './ledger.ts';
import { beginOrder } from './orders.ts';
import { enrolByHand } from './pairing.ts';
import type { Scope } from './roles.ts';
import { importRoster } from './roster-import.ts';
import { newPassword, tokenHash } from './staff.ts';
import { storeStaff } from './staff-change.ts';
import { demoTexts } from './texts.ts';

export const limits = { perGroup: 12, watchDaysGone: 5 } as const;

export type DemoPerson = {
  personId: string;
  name: string;
  uid: string;
  printed: string;
  group: string;
  role: string | null;
};
export type Demo = {
  accounts: { name: string; role: string; password?: string; pin?: string }[];
  station: { id: string; code: string; name: string; campus: string; token: string };
  people: DemoPerson[];
};

/**
 * Seeds once; later calls give fresh passwords and keep everything else. The station's token comes from `secret` (the
 * database's address with its password), so that a gate that starts again is still the same station.
 */
export async function seedDemo(pool: Pool, ledger: Ledger, clock: Clock, secret: string): Promise<Demo> {
  const people = demoPeople();
  const there = await pool.query('select 1 from people limit 1');
  if (there.rowCount === 0) await seedPeople(ledger, clock, people);
  const nowMs = clock.nowMs();
  const { staff } = demoTexts;
  const admin = { name: staff.admin, role: 'admin' as const, password: newPassword() };
  const nurse = { name: staff.nurse, role: 'nurse' as const, password: newPassword() };
  const manager = { name: staff.manager, role: 'dorm-manager' as const, password: newPassword() };
  const teacher = { name: staff.teacher, role: 'class-teacher' as const, password: newPassword() };
  for (const who of [admin, nurse]) await storeStaff(ledger, { ...who, once: false, pin: null }, 'demo', nowMs);
  await storeStaff(ledger, { ...manager, once: false, pin: null }, 'demo', nowMs, demoPlaces('building'));
  await storeStaff(ledger, { ...teacher, once: false, pin: null }, 'demo', nowMs, demoPlaces('class'));
  const guards = [staff.guardOne, staff.guardTwo].map((name) => ({ name, role: 'guard' as const, pin: newPin() }));
  for (const who of guards) await storeStaff(ledger, { ...who, once: false, password: null }, 'demo', nowMs);
  const place = { name: demoTexts.station, campus: 'beijing', code: 'G01' };
  const token = createHmac('sha256', secret).update('demo-station').digest('base64url');
  const stationId = `st-${tokenHash(token).slice(0, 12)}`;
  const known = await pool.query('select 1 from stations where station_id = $1', [stationId]);
  if (known.rowCount === 0) await enrolByHand(ledger, { ...place, token }, 'demo', nowMs);
  await pool.query('update meta set clinic_name = $1', [demoTexts.clinicName]);
  return { accounts: [admin, nurse, manager, teacher, ...guards], station: { id: stationId, ...place, token }, people };
}

/** One manager for every building that there is, one class teacher for every class. */
function demoPlaces(kind: 'building' | 'class'): Scope[] {
  const places = demoTexts.groups.map((group): string => group[kind]).filter((place) => place !== '');
  return [...new Set(places)].map((value) => ({ kind, value }));
}

async function seedPeople(ledger: Ledger, clock: Clock, people: readonly DemoPerson[]): Promise<void> {
  await importRoster(ledger, Buffer.from(csvOf(people)), { file: 'demo', by: 'demo', acceptValidRows: false });
  await ledger.exclusive(async (tx, books) => {
    const nowMs = clock.nowMs();
    for (const { personId, role } of people) {
      const order = {
        personId,
        caseId: null,
        reason: demoTexts.orderReason,
        days: 14,
        actor: { staffId: 'demo', name: 'demo' },
      };
      if (role === 'isolation') await beginOrder(tx, books, nowMs, { ...order, kind: 'isolation' });
      if (role === 'watch')
        await beginOrder(tx, books, nowMs - limits.watchDaysGone * dayMs, { ...order, kind: 'watch' });
    }
  });
}

/** Five groups of twelve; the first of the first group play the parts that a demonstration needs. */
function demoPeople(): DemoPerson[] {
  const parts = [null, 'isolation', 'away', 'questions-due', 'watch'];
  return demoTexts.groups.flatMap((group, g) =>
    Array.from({ length: limits.perGroup }, (_, i) => {
      const n = g * limits.perGroup + i;
      const surname = [...demoTexts.surnames][n % demoTexts.surnames.length] ?? '';
      const given = demoTexts.given[(n * 7) % demoTexts.given.length] ?? '';
      const printed = String(6_500_000 + n * 1_379).padStart(10, '0');
      return {
        personId: `${group.prefix}${String(i + 1).padStart(4, '0')}`,
        name: `${surname}${given}`,
        // EM4100: a version byte, then the 32 bits whose decimal is printed on the card.
        uid: `01${Number(printed).toString(16).toUpperCase().padStart(8, '0')}`,
        printed,
        group: group.category,
        role: g === 0 ? (parts[i] ?? null) : null,
      };
    }),
  );
}

function csvOf(people: readonly DemoPerson[]): string {
  const head = 'personId,name,category,unit,room,class,card,uid,presence,contact,questionsDue';
  const rows = people.map((person, n) => {
    const group = demoTexts.groups.find(({ category }) => category === person.group);
    const at = n % limits.perGroup;
    // Four beds a room, a room a floor.
    const room = group?.building ? demoTexts.room(group.building, 2 + Math.floor(at / 4), 1 + (at % 4)) : '';
    const presence = person.role === 'away' ? 'away' : 'on-campus';
    const due = person.role === 'questions-due' ? 'yes' : 'no';
    const { personId, name, printed, uid } = person;
    return [
      personId,
      name,
      person.group,
      group?.unit ?? '',
      room,
      group?.class ?? '',
      printed,
      uid,
      presence,
      group?.contact ?? '',
      due,
    ].join(',');
  });
  return `${[head, ...rows].join('\n')}\n`;
}

function newPin(): string {
  return String(randomBytes(4).readUInt32BE() % 1_000_000).padStart(6, '0');
}
