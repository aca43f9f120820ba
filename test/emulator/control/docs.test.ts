import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../emulator/clock.js';
import { Holds } from '../../../emulator/control/holds.js';
import { createHandlers } from '../../../emulator/control/routes.js';
import { commandHelp, errorsTable, exposition, metricsTable, withPart } from './docs-text.js';
import { FakeBackend } from './fake-backend.js';

/** docs/ says what the code says. When it differs: `npx vitest run test/emulator/control/docs.test.ts -u`. */

const fileOf = (page: string): string => fileURLToPath(new URL(`../../../docs/${page}`, import.meta.url));
const read = (page: string): Promise<string> => readFile(fileOf(page), 'utf8');

describe('docs', () => {
  it.each([
    ['errors.md', 'error table', errorsTable],
    ['metrics.md', 'metrics', metricsTable],
    ['cli.md', 'command help', commandHelp],
  ])('%s has the %s of the code', async (page, name, make) => {
    const expected = withPart(await read(page), name, await make());
    await expect(expected).toMatchFileSnapshot(fileOf(page));
  });

  it('metrics.md names every metric of the emulator’s own process', async () => {
    const page = await read('metrics.md');
    const names = [...(await exposition()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names) expect(page).toContain(`\`${String(name)}\``);
  });

  it('control-api.md has a heading for every call, and for no other', async () => {
    const page = await read('control-api.md');
    const documented = [...page.matchAll(/^### ((?:GET|POST|PATCH|DELETE) \/api\/\S+)$/gm)].map(([, call]) => call);
    const fake = new FakeBackend();
    const calls = [
      ...Object.keys(createHandlers(fake, new Holds(fake.faults, systemClock))),
      'GET /api/events',
      'GET /api/hold',
    ];
    expect([...documented].sort()).toEqual(calls.sort());
  });
});
