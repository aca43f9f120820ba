/**
 * The bytes with some of them changed, none of them twice.
 * @param draw in [0, 1), by name: the same draws change the same bytes in the same way
 */
export function corrupted(bytes: Buffer, flips: number, draw: (name: string) => number): Buffer {
  const changed = Buffer.from(bytes);
  const taken = new Set<number>();
  for (let i = 0; i < Math.min(flips, bytes.length); i++) {
    let at = Math.floor(draw(`place ${String(i)}`) * bytes.length);
    while (taken.has(at)) at = (at + 1) % bytes.length;
    taken.add(at);
    // Not 0: the byte becomes another one.
    changed[at] = (changed[at] as number) ^ (1 + Math.floor(draw(`bits ${String(i)}`) * 255));
  }
  return changed;
}
