import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { javascriptClients, pythonClients } from './index.js';
import { clientTables } from './table.js';

/** docs/rules/clients.md says what the data says; `npx vitest run lint/knowledge/clients/docs.test.ts -u` writes it anew. */

const intro = `# Clients and their default limits

How long each client waits when nothing is set, by version, with the source of every entry. Made from \`lint/knowledge/clients/\`;
[missing-timeout](missing-timeout.md), [ineffective-timeout](ineffective-timeout.md) and [aws-client-default](aws-client-default.md)
stand on it. The installed version is read from the project (node_modules, else package.json; requirements.txt, Pipfile.lock, poetry.lock,
pyproject.toml); where nothing tells it, the kindest defaults count.

`;

test('docs/rules/clients.md has the table of the clients', async () => {
  const file = fileURLToPath(new URL('../../../docs/rules/clients.md', import.meta.url));
  await expect(`${intro}${clientTables()}\n`).toMatchFileSnapshot(file);
});

test.each(
  [...javascriptClients, ...pythonClients].map((each) => [`${each.client} ${String(each.callee)}`, each] as const),
)('%s has a source for everything', (_, { source, defaults }) => {
  for (const each of [source, ...defaults.map((one) => one.source)]) expect(each).toMatch(/^https:\/\//);
  expect(defaults.length).toBeGreaterThan(0);
});
