import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/**
 * Called by the extension host: in the desktop editor that @vscode/test-electron starts, and in the web workbench.
 * The result goes to the file that FAULTLINE_SUITE_RESULT names: the web workbench has no exit code.
 */
export async function run(): Promise<void> {
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  try {
    // Both editors show the lines below; a reporter would print them a second time.
    const silent = function (): void {} as unknown as Mocha.ReporterConstructor;
    const mocha = new Mocha({ ui: 'bdd', timeout: 20_000, reporter: silent });
    for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'))) {
      mocha.addFile(join(__dirname, file));
    }
    await new Promise<void>((done) => {
      mocha
        .run(() => done())
        .on('pass', (test) => {
          passed += 1;
          lines.push(`✓ ${test.fullTitle()}`);
        })
        .on('fail', (test, error: Error) => {
          failed += 1;
          lines.push(
            `✗ ${test.fullTitle()}`,
            ...(error.stack ?? String(error)).split('\n').map((line) => `    ${line}`),
          );
        });
    });
    if (passed + failed === 0) throw new Error('The suite has no tests');
  } catch (error) {
    failed += 1;
    lines.push(`✗ the suite did not run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  report({ passed, failed, lines });
  if (failed > 0) throw new Error(`${String(failed)} tests failed`);
}

/** Renamed into place, so that the reader never sees half a file. */
function report(result: object): void {
  const file = process.env['FAULTLINE_SUITE_RESULT'];
  if (file === undefined) return;
  writeFileSync(`${file}.part`, JSON.stringify(result));
  renameSync(`${file}.part`, file);
}
