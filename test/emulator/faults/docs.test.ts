import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { kinds } from '../../../emulator/faults/kinds/index.js';
import type { FaultKind } from '../../../emulator/faults/types.js';
import { withPart } from '../control/docs-text.js';
import { kindsTable, testedIn } from './kinds-table.js';

/** docs/faults/README.md says what the registry says; `npx vitest run test/emulator/faults/docs.test.ts -u` writes it anew. */

const file = fileURLToPath(new URL('../../../docs/faults/README.md', import.meta.url));

describe('docs/faults/README.md', () => {
  it('has the table of the kinds', async () => {
    const page = withPart(await readFile(file, 'utf8'), 'kinds', kindsTable());
    await expect(page).toMatchFileSnapshot(file);
  });
});

it.each(Object.entries(kinds) as [string, FaultKind][])(
  '%s is seen from inside a handler wherever it reaches',
  (name, kind) => {
    const tested = testedIn(name);
    for (const runtime of ['node', 'python'] as const) {
      if (kind.reach[runtime] === true) expect(tested).toContain(runtime);
    }
  },
);
