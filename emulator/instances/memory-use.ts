/** Resident memory of one instance, in MB: now, and the most of the invocation that runs. */
export class MemoryUse {
  private now: number | undefined;
  private most = 0;

  constructor(private readonly limitMb: number) {}

  get current(): number | undefined {
    return this.now;
  }

  /** The most of this invocation as far as anyone has looked; undefined when nobody ever has. */
  get peak(): number | undefined {
    const peak = Math.max(this.most, this.now ?? 0);
    return peak === 0 ? undefined : peak;
  }

  /** Lambda would have killed it. */
  get tooMuch(): boolean {
    return (this.peak ?? 0) > this.limitMb;
  }

  /** An invocation begins. */
  begin(): void {
    this.most = 0;
  }

  sampled(memoryMb: number): void {
    this.now = memoryMb;
    this.most = Math.max(this.most, memoryMb);
  }

  /** @param peakKb what the runtime measured itself, children not included; undefined when it does not */
  reported(peakKb: number | undefined): void {
    if (peakKb !== undefined) this.most = Math.max(this.most, Math.ceil(peakKb / 1_024));
  }
}
