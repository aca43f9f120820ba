/** What lies in a heap knows its own places, one for each heap that it may be in, so that it is taken out from the middle. */
export interface Placed {
  /** Index within the heap of that slot; -1 when it is in none. */
  readonly places: number[];
}

/** A binary heap: the first by `before` is at hand, and any element leaves, in O(log n). */
export class Heap<T extends Placed> {
  private readonly items: T[] = [];

  /**
   * @param slot which of `places` this heap keeps; heaps that no element is in at the same time may share one
   * @param before whether `a` comes out earlier than `b`
   */
  constructor(
    private readonly slot: number,
    private readonly before: (a: T, b: T) => boolean,
  ) {}

  get size(): number {
    return this.items.length;
  }

  get first(): T | undefined {
    return this.items[0];
  }

  add(item: T): void {
    this.items.push(item);
    this.up(item, this.items.length - 1);
  }

  /** Whether it is in this heap, and not in one that shares the slot. */
  has(item: T): boolean {
    return this.items[item.places[this.slot] ?? -1] === item;
  }

  /** Takes an element out that is in this heap. */
  remove(item: T): void {
    const at = item.places[this.slot] as number;
    item.places[this.slot] = -1;
    const last = this.items.pop() as T;
    if (last === item) return;
    this.up(last, at);
    this.down(last, last.places[this.slot] as number);
  }

  private up(item: T, from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = this.items[above] as T;
      if (!this.before(item, other)) break;
      this.put(other, at);
      at = above;
    }
    this.put(item, at);
  }

  private down(item: T, from: number): void {
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.items.length) break;
      if (below + 1 < this.items.length && this.before(this.items[below + 1] as T, this.items[below] as T)) below++;
      const other = this.items[below] as T;
      if (!this.before(other, item)) break;
      this.put(other, at);
      at = below;
    }
    this.put(item, at);
  }

  private put(item: T, at: number): void {
    this.items[at] = item;
    item.places[this.slot] = at;
  }
}
