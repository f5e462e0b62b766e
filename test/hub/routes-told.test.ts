// Every route of the hub is told: in the OpenAPI document and in docs/protocol.md; and nothing is told that is not there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type HubDeps, makeApp } from '../../hub/http.ts';
import { openApiDocument } from '../../hub/openapi.ts';
import { root } from '../kit/programs.ts';

const bare = (path: string) => path.replace(/\{\w+\}/g, '{}');
const methods = new Set(['GET', 'POST', 'PUT', 'DELETE']);
// Routes are only counted here, never called: none of them needs what it would work with.
const routes = makeApp({} as HubDeps)
  .routes.filter(({ path, method }) => path.startsWith('/hub/') && methods.has(method))
  .map(({ path, method }) => ({ method, path: path.replace(/:\w+(?:\{[^}]*\})?/g, '{}') }));

it('stands in the OpenAPI document, one for one', () => {
  const document = openApiDocument() as { paths: Record<string, Record<string, unknown>> };
  const told = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${bare(path)}`),
  );
  const there = routes
    .map(({ method, path }) => `${method} ${path}`)
    .filter((line) => !line.endsWith('/hub/openapi.json'));
  expect([...new Set(there)].filter((line) => !told.includes(line))).toEqual([]);
  expect(told.filter((line) => line.includes(' /hub/') && !there.includes(line))).toEqual([]);
});

it('stands in docs/protocol.md', () => {
  const text = readFileSync(join(root, 'docs', 'protocol.md'), 'utf8');
  const named = new Set([...text.matchAll(/\/hub\/[\w{}/.-]*[\w}]/g)].map(([path]) => bare(path)));
  expect([...new Set(routes.map(({ path }) => bare(path)))].filter((path) => !named.has(path))).toEqual([]);
});
