import { existsSync, readFileSync } from 'node:fs';
import { byGroup } from '../../../emulator/contract/catalog.js';
import type { Runtime } from '../../../emulator/contract/config.js';
import { groupTitle } from '../../../emulator/contract/fault-fields.js';
import { english } from '../../../emulator/contract/webview.js';
import { faultCatalog } from '../../../emulator/faults/catalog.js';
import { kinds } from '../../../emulator/faults/kinds/index.js';
import type { FaultKind } from '../../../emulator/faults/types.js';

/** The table of kinds in docs/faults/README.md: what there is, where it reaches, and the test that sees it from inside a handler. */

const RUNTIMES = ['node', 'python', 'provided'] as const satisfies readonly Runtime[];
const here = new URL('./', import.meta.url);

/** Kinds whose effect another file looks at. */
const SHARED: Readonly<Record<string, string>> = {
  duplicate: 'delivery',
  lost: 'delivery',
  late: 'delivery',
  reordered: 'delivery',
  poison: 'delivery',
};

/** The file with the end-to-end test of a kind. */
export function testOf(kind: string): string {
  const own = `${kind}.test.ts`;
  return existsSync(new URL(own, here)) ? own : `${SHARED[kind] ?? kind}.test.ts`;
}

/** Runtimes that the test of a kind runs handlers of. */
export function testedIn(kind: string): readonly Runtime[] {
  const source = readFileSync(new URL(testOf(kind), here), 'utf8');
  return RUNTIMES.filter((runtime) => new RegExp(`\\b${runtime}\\b`, 'i').test(source));
}

export function kindsTable(): string {
  const sections = byGroup(faultCatalog).map(({ group, faults }) => {
    const rows = faults.map(({ kind, summary }) => {
      const { reach } = kinds[kind as keyof typeof kinds] as FaultKind;
      const cells = RUNTIMES.map((runtime) => (reach[runtime] === true ? 'yes' : 'no'));
      const test = testOf(kind);
      return `| [${kind}](${kind}.md) | ${summary} | ${cells.join(' | ')} | ${platformsOf(reach)} | [${test}](../../test/emulator/faults/${test}) |`;
    });
    return [`**${groupTitle(group, english)}**`, '', HEAD, ...rows].join('\n');
  });
  return sections.join('\n\n');
}

const HEAD = `| kind | what happens | Node.js | Python | provided | platforms | seen from inside a handler |
| --- | --- | --- | --- | --- | --- | --- |`;

const NAMES = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' } as const;

/** On Linux no more than a program can be missing, which is told when the fault is added. */
function platformsOf({ platform }: FaultKind['reach']): string {
  const able = Object.entries(NAMES).filter(([name]) => name === 'linux' || !platform?.(name as NodeJS.Platform));
  return able.length === Object.keys(NAMES).length ? 'all' : able.map(([, title]) => title).join(', ');
}
