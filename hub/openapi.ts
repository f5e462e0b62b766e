// OpenAPI 3.1 of the hub, made from the same schemas that parse. Called by http.ts once.
import * as z from 'zod/mini';
import {
  cardsRequest,
  changeStaffRequest,
  newStaffRequest,
  pairingAnswer,
  pinRequest,
  readsAnswer,
  renameRequest,
  secretAnswer,
  staffAnswer,
  stationsAnswer,
} from '../src/contracts/admin.ts';
import {
  referralsAnswer,
  sessionAnswer,
  signInRequest,
  transitionAnswer,
  transitionRequest,
} from '../src/contracts/clinic.ts';
import { downlinkAnswer, feedEvent } from '../src/contracts/downlink.ts';
import { driftAnswer } from '../src/contracts/drift.ts';
import { entry, envelope } from '../src/contracts/entry.ts';
import { enrolAnswer, enrolRequest, headsAnswer, pairingRequest } from '../src/contracts/evidence.ts';
import { gateDeskAnswer } from '../src/contracts/gate-desk.ts';
import {
  doneAnswer,
  holdRequest,
  holdsAnswer,
  permitRequest,
  permitsAnswer,
  slipAnswer,
  slipRequest,
  visitorsAnswer,
  visitorsRequest,
} from '../src/contracts/hold.ts';
import { holdingsAnswer } from '../src/contracts/holdings.ts';
import { phonesRequest, regionsAnswer, regionsRequest } from '../src/contracts/list-request.ts';
import { noticeRequest, noticesAnswer, officeNoticesAnswer } from '../src/contracts/notice.ts';
import { officeAnswer, rawAnswer } from '../src/contracts/office.ts';
import {
  cardRequest,
  leaveRequest,
  orderRequest,
  ordersAnswer,
  peopleAnswer,
  personAnswer,
  personRequest,
  rosterImported,
  rosterPreview,
} from '../src/contracts/people.ts';
import { policyDocument } from '../src/contracts/policy.ts';
import { missingAnswer, roundsAnswer, sheetAnswer } from '../src/contracts/rounds.ts';
import { unmeasuredAnswer } from '../src/contracts/unmeasured.ts';
import { errorAnswer, uploadAnswer, uploadRequest } from '../src/contracts/upload.ts';
import { campusRequest, policyRequest } from './routes-office.ts';
import { passwordRequest } from './routes-session.ts';

const schemas = {
  campusRequest,
  cardsRequest,
  changeStaffRequest,
  doneAnswer,
  newStaffRequest,
  pairingAnswer,
  pinRequest,
  readsAnswer,
  renameRequest,
  secretAnswer,
  staffAnswer,
  stationsAnswer,
  cardRequest,
  downlinkAnswer,
  driftAnswer,
  enrolAnswer,
  enrolRequest,
  entry,
  envelope,
  errorAnswer,
  feedEvent,
  gateDeskAnswer,
  headsAnswer,
  holdRequest,
  holdingsAnswer,
  holdsAnswer,
  leaveRequest,
  noticeRequest,
  noticesAnswer,
  officeAnswer,
  officeNoticesAnswer,
  orderRequest,
  ordersAnswer,
  pairingRequest,
  passwordRequest,
  permitRequest,
  permitsAnswer,
  peopleAnswer,
  personAnswer,
  personRequest,
  phonesRequest,
  policyDocument,
  policyRequest,
  rawAnswer,
  referralsAnswer,
  regionsAnswer,
  regionsRequest,
  missingAnswer,
  roundsAnswer,
  sheetAnswer,
  rosterImported,
  rosterPreview,
  sessionAnswer,
  signInRequest,
  slipAnswer,
  slipRequest,
  transitionAnswer,
  transitionRequest,
  unmeasuredAnswer,
  uploadAnswer,
  uploadRequest,
  visitorsAnswer,
  visitorsRequest,
} as const;
type SchemaName = keyof typeof schemas;

type Route = {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  summary: string;
  who: 'station' | 'staff' | 'either' | 'anyone';
  query?: string[];
  takes?: SchemaName | 'csv';
  /** null = an answer without a schema of its own in the contracts. */
  gives: SchemaName | null;
};

const routes: readonly Route[] = [
  {
    method: 'post',
    path: '/hub/entries',
    summary: 'Upload a batch; answered for each entry after the commit',
    who: 'station',
    takes: 'uploadRequest',
    gives: 'uploadAnswer',
  },
  {
    method: 'get',
    path: '/hub/downlink',
    summary: 'Roster delta, bars, policy, campus',
    who: 'station',
    query: ['rosterVersion', 'after'],
    gives: 'downlinkAnswer',
  },
  {
    method: 'get',
    path: '/hub/feed',
    summary: 'Server-sent events (feedEvent) from a cursor on',
    who: 'either',
    query: ['cursor'],
    gives: 'feedEvent',
  },
  {
    method: 'get',
    path: '/hub/station/holdings',
    summary: 'What the hub holds of the station, and what it may forget',
    who: 'station',
    gives: 'holdingsAnswer',
  },
  {
    method: 'get',
    path: '/hub/office/stations',
    summary: 'Faults and stations for the office page',
    who: 'staff',
    gives: 'officeAnswer',
  },
  {
    method: 'get',
    path: '/hub/office/raw',
    summary: 'Raw bytes of one set-aside or conflicting entry; the read is logged',
    who: 'staff',
    query: ['kind', 'writer', 'seq', 'sha256'],
    gives: 'rawAnswer',
  },
  {
    method: 'get',
    path: '/hub/office/gate-desk',
    summary: 'What runs short at the gates, and handovers of the day',
    who: 'staff',
    gives: 'gateDeskAnswer',
  },
  { method: 'get', path: '/hub/station', summary: 'The station itself and its guards', who: 'station', gives: null },
  {
    method: 'post',
    path: '/hub/station/enrol',
    summary: 'Redeem a pairing code with a new key',
    who: 'anyone',
    takes: 'enrolRequest',
    gives: 'enrolAnswer',
  },
  {
    method: 'get',
    path: '/hub/heads',
    summary: 'The newest signed head, and the proof that an older tree is its beginning',
    who: 'station',
    query: ['log', 'size'],
    gives: 'headsAnswer',
  },
  {
    method: 'post',
    path: '/hub/office/pairing',
    summary: 'Make a pairing code for a place',
    who: 'staff',
    takes: 'pairingRequest',
    gives: 'pairingAnswer',
  },
  {
    method: 'get',
    path: '/hub/office/station-keys',
    summary: 'Stations and their keys',
    who: 'staff',
    gives: 'stationsAnswer',
  },
  {
    method: 'post',
    path: '/hub/office/stations/{stationId}/revoke',
    summary: 'Stop the uploads of a station',
    who: 'staff',
    gives: 'doneAnswer',
  },
  {
    method: 'post',
    path: '/hub/office/stations/{stationId}/rename',
    summary: 'Another name for a station',
    who: 'staff',
    takes: 'renameRequest',
    gives: 'doneAnswer',
  },
  {
    method: 'get',
    path: '/hub/admin/staff',
    summary: 'Staff with roles and scopes',
    who: 'staff',
    gives: 'staffAnswer',
  },
  {
    method: 'post',
    path: '/hub/admin/staff',
    summary: 'Add a member of staff; the one-time password or PIN is told once',
    who: 'staff',
    takes: 'newStaffRequest',
    gives: 'secretAnswer',
  },
  {
    method: 'put',
    path: '/hub/admin/staff/{staffId}',
    summary: 'Name, role and scopes of a member of staff',
    who: 'staff',
    takes: 'changeStaffRequest',
    gives: 'doneAnswer',
  },
  {
    method: 'post',
    path: '/hub/admin/staff/{staffId}/password',
    summary: 'A new one-time password; ends the sessions',
    who: 'staff',
    gives: 'secretAnswer',
  },
  {
    method: 'post',
    path: '/hub/admin/staff/{staffId}/pin',
    summary: 'A PIN for a guard, given or made',
    who: 'staff',
    takes: 'pinRequest',
    gives: 'secretAnswer',
  },
  {
    method: 'put',
    path: '/hub/admin/staff/{staffId}/cards',
    summary: 'All cards of a guard',
    who: 'staff',
    takes: 'cardsRequest',
    gives: 'doneAnswer',
  },
  {
    method: 'post',
    path: '/hub/admin/staff/{staffId}/end',
    summary: 'Works here no longer; ends the sessions',
    who: 'staff',
    gives: 'doneAnswer',
  },
  {
    method: 'get',
    path: '/hub/admin/reads',
    summary: 'Who read whose data, newest first; the read is logged',
    who: 'staff',
    query: ['staff', 'day', 'before'],
    gives: 'readsAnswer',
  },
  { method: 'get', path: '/hub/session', summary: 'Who am I', who: 'anyone', gives: 'sessionAnswer' },
  {
    method: 'post',
    path: '/hub/session',
    summary: 'Sign in',
    who: 'anyone',
    takes: 'signInRequest',
    gives: 'sessionAnswer',
  },
  { method: 'delete', path: '/hub/session', summary: 'Sign out', who: 'staff', gives: 'sessionAnswer' },
  {
    method: 'post',
    path: '/hub/session/password',
    summary: 'Set a new password',
    who: 'staff',
    takes: 'passwordRequest',
    gives: 'sessionAnswer',
  },
  { method: 'get', path: '/hub/referrals', summary: 'The clinic board', who: 'staff', gives: 'referralsAnswer' },
  { method: 'get', path: '/hub/referrals/{caseId}', summary: 'One case', who: 'staff', gives: 'transitionAnswer' },
  {
    method: 'post',
    path: '/hub/referrals/{caseId}/transition',
    summary: 'A step on a case, compare-and-set; 409 carries the present card',
    who: 'staff',
    takes: 'transitionRequest',
    gives: 'transitionAnswer',
  },
  {
    method: 'post',
    path: '/hub/orders',
    summary: 'Begin or end an order',
    who: 'staff',
    takes: 'orderRequest',
    gives: null,
  },
  {
    method: 'post',
    path: '/hub/visitors',
    summary: 'Personal details of visitors, kept apart from the entries',
    who: 'station',
    takes: 'visitorsRequest',
    gives: 'visitorsAnswer',
  },
  {
    method: 'get',
    path: '/hub/holds',
    summary: 'Who waits at a gate for a named decision',
    who: 'staff',
    gives: 'holdsAnswer',
  },
  {
    method: 'post',
    path: '/hub/holds/decide',
    summary: 'Let in or turn back who is held; approve or refuse a visitor',
    who: 'staff',
    takes: 'holdRequest',
    gives: 'doneAnswer',
  },
  { method: 'get', path: '/hub/permits', summary: 'Permits in force', who: 'staff', gives: 'permitsAnswer' },
  {
    method: 'post',
    path: '/hub/permits',
    summary: 'Let somebody pass a closed campus',
    who: 'staff',
    takes: 'permitRequest',
    gives: 'doneAnswer',
  },
  {
    method: 'post',
    path: '/hub/permits/{permitId}/end',
    summary: 'Take a permit back',
    who: 'staff',
    gives: 'doneAnswer',
  },
  {
    method: 'post',
    path: '/hub/slips',
    summary: 'Take in a case by the code on its slip',
    who: 'staff',
    takes: 'slipRequest',
    gives: 'slipAnswer',
  },
  { method: 'get', path: '/hub/policy', summary: 'The policy in force', who: 'staff', gives: null },
  {
    method: 'put',
    path: '/hub/policy',
    summary: 'Put a policy in force, compare-and-set',
    who: 'staff',
    takes: 'policyRequest',
    gives: null,
  },
  {
    method: 'put',
    path: '/hub/campus',
    summary: 'Open or close a campus',
    who: 'staff',
    takes: 'campusRequest',
    gives: null,
  },
  {
    method: 'post',
    path: '/hub/roster/preview',
    summary: 'What an import would do',
    who: 'staff',
    takes: 'csv',
    gives: 'rosterPreview',
  },
  {
    method: 'post',
    path: '/hub/roster/import',
    summary: 'Make this file the roster',
    who: 'staff',
    query: ['file', 'acceptValidRows', 'fingerprint'],
    takes: 'csv',
    gives: 'rosterImported',
  },
  {
    method: 'get',
    path: '/hub/office/drift',
    summary:
      "Hourly medians of each gate against its neighbours' and its own day before; what bridges told of their thermometers",
    who: 'staff',
    gives: 'driftAnswer',
  },
  {
    method: 'get',
    path: '/hub/people',
    summary: 'People by name, letters or number; who was shown is logged',
    who: 'staff',
    query: ['q', 'after'],
    gives: 'peopleAnswer',
  },
  {
    method: 'get',
    path: '/hub/people/sheet',
    summary: 'One person without temperatures; the read is logged',
    who: 'staff',
    query: ['id'],
    gives: 'personAnswer',
  },
  {
    method: 'put',
    path: '/hub/people/sheet',
    summary: 'Presence, whereabouts, home on campus',
    who: 'staff',
    takes: 'personRequest',
    gives: null,
  },
  {
    method: 'post',
    path: '/hub/people/leaves',
    summary: 'Approve leave or take it back',
    who: 'staff',
    takes: 'leaveRequest',
    gives: null,
  },
  {
    method: 'post',
    path: '/hub/people/cards',
    summary: 'A card is lost, found again, or given out',
    who: 'staff',
    takes: 'cardRequest',
    gives: null,
  },
  {
    method: 'get',
    path: '/hub/office/orders',
    summary: 'Orders in force, due for release, or ending today',
    who: 'staff',
    query: ['list', 'after'],
    gives: 'ordersAnswer',
  },
  {
    method: 'get',
    path: '/hub/office/orders.csv',
    summary: 'The same list as a table for a spreadsheet; the export is logged',
    who: 'staff',
    query: ['list', 'lang'],
    gives: null,
  },
  {
    method: 'get',
    path: '/hub/notices',
    summary: 'Notices for the rounds, and telephone numbers',
    who: 'staff',
    gives: 'noticesAnswer',
  },
  { method: 'post', path: '/hub/notices/{noticeId}/read', summary: 'I have read it', who: 'staff', gives: null },
  {
    method: 'get',
    path: '/hub/office/notices',
    summary: 'All notices with who has them',
    who: 'staff',
    gives: 'officeNoticesAnswer',
  },
  {
    method: 'post',
    path: '/hub/office/notices',
    summary: 'Publish a notice',
    who: 'staff',
    takes: 'noticeRequest',
    gives: null,
  },
  {
    method: 'post',
    path: '/hub/office/notices/{noticeId}/end',
    summary: 'Take a notice down',
    who: 'staff',
    gives: null,
  },
  {
    method: 'put',
    path: '/hub/office/phones',
    summary: 'Telephone numbers that gates and rounds show',
    who: 'staff',
    takes: 'phonesRequest',
    gives: null,
  },
  {
    method: 'put',
    path: '/hub/office/regions',
    summary: 'The whole list of regions that the travel question asks for, for gates and clinic',
    who: 'staff',
    takes: 'regionsRequest',
    gives: 'regionsAnswer',
  },
  {
    method: 'get',
    path: '/hub/unmeasured',
    summary: "Today's passages without a measurement, as the gates' feedback saw them",
    who: 'staff',
    gives: 'unmeasuredAnswer',
  },
  {
    method: 'get',
    path: '/hub/rounds',
    summary: 'Places of my scope in a round, with figures, the newest closing and what is overdue',
    who: 'staff',
    query: ['day', 'window', 'scope'],
    gives: 'roundsAnswer',
  },
  {
    method: 'get',
    path: '/hub/rounds/sheet',
    summary:
      'Everybody of one place in a round; without a sheet when nothing changed since the version; the read is logged',
    who: 'staff',
    query: ['building', 'class', 'day', 'window', 'from', 'since'],
    gives: 'sheetAnswer',
  },
  {
    method: 'get',
    path: '/hub/rounds/missing',
    summary: 'Who is missing, by unit, by place and by name; the read is logged',
    who: 'staff',
    query: ['day', 'window', 'scope'],
    gives: 'missingAnswer',
  },
  {
    method: 'get',
    path: '/hub/faults',
    summary: 'What was set aside, conflicts or is missing',
    who: 'staff',
    gives: null,
  },
];

/** The document as plain JSON. */
export function openApiDocument(): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const operations = paths[route.path] ?? {};
    operations[route.method] = operationOf(route);
    paths[route.path] = operations;
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Mengang hub', version: '1' },
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => [
          name,
          z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
        ]),
      ),
      securitySchemes: {
        station: { type: 'http', scheme: 'bearer' },
        staff: { type: 'apiKey', in: 'cookie', name: 'mengang_hub' },
      },
    },
  };
}

function operationOf(route: Route): Record<string, unknown> {
  const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });
  const pathNames = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const parameters = [
    ...pathNames.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(route.query ?? []).map((name) => ({ name, in: 'query', schema: { type: 'string' } })),
  ];
  const body =
    route.takes === undefined
      ? {}
      : route.takes === 'csv'
        ? { requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string', format: 'binary' } } } } }
        : { requestBody: { required: true, content: { 'application/json': { schema: ref(route.takes) } } } };
  const type = route.gives === 'feedEvent' ? 'text/event-stream' : 'application/json';
  const security = {
    station: [{ station: [] }],
    staff: [{ staff: [] }],
    either: [{ station: [] }, { staff: [] }],
    anyone: [],
  }[route.who];
  return {
    summary: route.summary,
    parameters,
    security,
    ...body,
    responses: {
      200: {
        description: 'Done',
        content: { [type]: { schema: route.gives === null ? { type: 'object' } : ref(route.gives) } },
      },
      default: { description: 'Refused', content: { 'application/json': { schema: ref('errorAnswer') } } },
    },
  };
}
