/** @typedef {{ name: string, state: string, seconds: number, passed: number, failed: number }} StageResult */

/**
 * The table at the end of a run, and the line with the sums.
 * @param {readonly StageResult[]} results
 */
export function printSummary(results) {
  const sum = (/** @type {(result: StageResult) => number} */ of) =>
    results.reduce((total, each) => total + of(each), 0);
  console.log(`\n${'stage'.padEnd(14)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'seconds'.padStart(10)}`);
  for (const { name, state, seconds, passed, failed } of results) {
    const counts = passed + failed === 0 ? ['', ''] : [String(passed), String(failed)];
    const cells = [name.padEnd(14), counts[0]?.padStart(8), counts[1]?.padStart(8), seconds.toFixed(1).padStart(10)];
    console.log(`${cells.join('')}  ${state}`);
  }
  console.log(
    `${''.padEnd(30)}${sum(({ seconds }) => seconds)
      .toFixed(1)
      .padStart(10)}`,
  );
  console.log(`${String(sum(({ passed }) => passed))} passed, ${String(sum(({ failed }) => failed))} failed`);
}
