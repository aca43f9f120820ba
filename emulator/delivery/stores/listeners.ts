/**
 * Who wants to know that a queue may have something visible. They are told after the step that made it so, once however many
 * messages it was, so that they may ask the store at once.
 */
export class Listeners {
  private readonly byQueue = new Map<string, Set<() => void>>();
  private readonly pending = new Set<string>();

  get queues(): readonly string[] {
    return [...this.byQueue.keys()];
  }

  has(queue: string): boolean {
    return this.byQueue.has(queue);
  }

  /** @returns ends it */
  add(queue: string, callback: () => void): () => void {
    // Its own function, so that one callback may be added twice and ended once.
    const listener = (): void => callback();
    const all = this.byQueue.get(queue) ?? new Set();
    this.byQueue.set(queue, all.add(listener));
    return () => {
      all.delete(listener);
      if (all.size === 0 && this.byQueue.get(queue) === all) this.byQueue.delete(queue);
    };
  }

  tell(queue: string): void {
    if (!this.has(queue)) return;
    if (this.pending.size === 0) queueMicrotask(() => this.call());
    this.pending.add(queue);
  }

  tellAll(): void {
    for (const queue of this.queues) this.tell(queue);
  }

  close(): void {
    this.byQueue.clear();
  }

  private call(): void {
    const queues = [...this.pending];
    this.pending.clear();
    for (const listener of queues.flatMap((queue) => [...(this.byQueue.get(queue) ?? [])])) listener();
  }
}
