/** Compares versions by their numbers; what follows a hyphen or a plus is left out. Negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return (/\d+(\.\d+)*/.exec(version)?.[0] ?? '0').split('.').map(Number);
}

/** True when a version is within a range such as `>=4 <7.2` or `*`. */
export function inRange(version: string, range: string): boolean {
  return range.split(' ').every((each) => {
    const [, operator, bound] = /^(>=|<=|<|>|=)?(.+)$/.exec(each) ?? [];
    if (bound === undefined || bound === '*') return true;
    const order = compareVersions(version, bound);
    if (operator === '>=') return order >= 0;
    if (operator === '<=') return order <= 0;
    if (operator === '<') return order < 0;
    return operator === '>' ? order > 0 : order === 0;
  });
}
