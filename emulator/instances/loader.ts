import type { Clock } from '../clock.js';
import type { Problem } from '../contract/snapshot.js';
import type { ProcessInstance, StartFailure } from './instance.js';
import { initFailed } from './outcomes.js';
import { BuildFailed, type Build, type BuildContext, type RuntimeKind } from './runtimes/types.js';

/** One state of a function's code. */
export class Version {
  /** True once an instance of it was ready: it may be fallen back upon. */
  proven = false;
  private running = 0;
  private retired = false;

  constructor(
    /** From 1; a version that never loaded leaves its number to the next. */
    readonly number: number,
    readonly build: Build,
  ) {}

  started(): void {
    this.running++;
  }

  ended(): void {
    this.running--;
    this.cleanUp();
  }

  /** It starts no more instances; what was made for it goes with the last one. */
  retire(): void {
    this.retired = true;
    this.cleanUp();
  }

  private cleanUp(): void {
    // A file that cannot be removed goes with the whole folder when the emulator ends.
    if (this.retired && this.running === 0) this.build.dispose().catch(() => undefined);
  }
}

/** What the pool does for the loader. */
export interface LoaderHost {
  /** Starts an instance of a version that does not serve yet; told when it is ready, has failed, or was killed. */
  startCandidate(version: Version): { instance: ProcessInstance; outcome: Promise<'ready' | 'killed' | StartFailure> };
  /** The new version serves from now on. */
  switched(candidate: ProcessInstance | undefined): void;
  /** A version did not load. */
  failed(failure: StartFailure): void;
  changed(): void;
}

/**
 * Which version serves, and how the next one takes over: it is built, one instance of it is started, and only when that
 * is ready does it replace the old one. Reloads that come meanwhile are one more round: the latest source wins.
 */
export class Loader {
  current: Version | undefined;
  problem: Problem | undefined;
  private dirty = false;
  private tried = false;
  private closed = false;
  private candidate: ProcessInstance | undefined;
  private working: Promise<void> | undefined;
  private serial = 0;
  private inputs: readonly string[] | undefined;
  private scanning: Promise<void> | undefined;
  private scanWanted = false;

  constructor(
    private readonly kind: RuntimeKind,
    private readonly context: Omit<BuildContext, 'serial'>,
    private readonly clock: Clock,
    private readonly host: LoaderHost,
  ) {}

  get busy(): boolean {
    return this.working !== undefined;
  }

  get version(): number {
    return this.current?.proven ? this.current.number : 0;
  }

  /** The first load: instances are started as soon as the code is built, however many are needed. */
  load(): void {
    if (this.closed || this.current || this.working) return;
    this.work(async () => {
      const build = await this.build();
      if (!build || this.closed) return void build?.dispose();
      this.current = new Version(1, build);
      this.host.switched(undefined);
    });
  }

  async reload(): Promise<{ version: number }> {
    // Nothing has asked for the function yet: its first load reads the new source anyway.
    if (this.closed || !this.tried) return { version: this.version };
    this.dirty = true;
    this.candidate?.kill('replaced by a newer version');
    while (this.dirty && !this.closed) await (this.working ?? this.work(() => this.next()));
    await this.working;
    return { version: this.version };
  }

  /** A version that serves has loaded: nothing is wrong any more. */
  proved(): void {
    if (this.current) this.current.proven = true;
    this.problem = undefined;
  }

  /** Files of the current version; undefined while they are not known. */
  knownInputs(): readonly string[] | undefined {
    this.scanWanted = true;
    // What does not load may lack files that only the newer source imports.
    if (this.problem) return undefined;
    if (this.current?.build.inputs) return this.current.build.inputs;
    this.scan();
    return this.inputs;
  }

  /** @param lastGoodServes filled in when it is asked for, since instances may end */
  report({ failure, place, hint }: StartFailure): void {
    this.problem = {
      code: 'load-failed',
      message: `${failure.type}: ${failure.message}`,
      since: this.clock.now(),
      ...(hint === undefined ? {} : { hint }),
      ...(place === undefined ? {} : { place }),
    };
    if (place === undefined && failure.type === 'Runtime.UserCodeSyntaxError') void this.locate(this.problem);
    this.host.changed();
  }

  close(): void {
    this.closed = true;
    this.current?.retire();
    this.kind.close?.(this.context);
  }

  private work(task: () => Promise<void>): Promise<void> {
    this.tried = true;
    this.working = task().finally(() => (this.working = undefined));
    return this.working;
  }

  private async next(): Promise<void> {
    this.dirty = false;
    const build = await this.build();
    if (!build) return void this.forgetUnproven(undefined);
    if (this.dirty || this.closed) return build.dispose();
    const version = new Version(this.version + 1, build);
    const { instance, outcome } = this.host.startCandidate(version);
    this.candidate = instance;
    const result = await outcome;
    this.candidate = undefined;
    if (result === 'ready' && !instance.spent) return this.switchTo(version, instance);
    if (!this.forgetUnproven(version)) version.retire();
    if (typeof result === 'object' && !this.dirty && !this.closed) this.host.failed(result);
  }

  /** A version that never served is not fallen back upon: the newest is tried again instead. @returns whether it was so */
  private forgetUnproven(newer: Version | undefined): boolean {
    if (this.current?.proven || this.closed) return false;
    this.current?.retire();
    this.current = newer;
    return true;
  }

  private switchTo(version: Version, candidate: ProcessInstance): void {
    this.current?.retire();
    this.current = version;
    this.inputs = undefined;
    this.proved();
    this.host.switched(candidate);
    if (this.scanWanted) this.scan();
  }

  private async build(): Promise<Build | undefined> {
    try {
      return await this.kind.build(this.nextContext());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const failure =
        error instanceof BuildFailed ? error.start : { failure: initFailed('Runtime.BuildFailed', message) };
      if (!this.dirty && !this.closed) this.host.failed(failure);
      return undefined;
    }
  }

  private nextContext(): BuildContext {
    return { ...this.context, serial: ++this.serial };
  }

  private scan(): void {
    if (this.scanning || !this.kind.scan || this.current?.build.inputs) return;
    this.scanning = this.kind.scan(this.nextContext()).then((inputs) => {
      this.inputs = inputs;
      this.scanning = undefined;
    });
  }

  private async locate(problem: Problem): Promise<void> {
    const place = await this.kind.locate?.(this.nextContext());
    if (!place || this.problem !== problem) return;
    this.problem = { ...problem, place };
    this.host.changed();
  }
}
