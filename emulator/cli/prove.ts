import { systemClock } from '../clock.js';
import { FaultlineError } from '../contract/errors.js';
import type { Finding } from '../contract/findings.js';
import type { Emulator, StartEmulator } from '../contract/library.js';
import type { ProofRequest, ProofResult } from '../contract/proof.js';
import { workspaceOf } from '../experiments/find.js';
import { createProver, type Prover } from '../experiments/proof/prove.js';
import type { CliIo } from './types.js';

/**
 * `faultline lint --prove`: runs the experiments of findings, in an emulator in this process that nobody else sees. One for each
 * configuration; findings of different functions at the same time.
 */

export interface ProveDependencies {
  readonly start?: StartEmulator;
}

/** So many functions at the same time: they wait more than they work. */
const AT_ONCE = 6;

/**
 * @param which true: all that have an experiment; a fingerprint: this one; else none
 * @returns the findings, with what became of their experiments; refuted ones as notes
 * @throws FaultlineError USAGE when no finding has the fingerprint
 */
export async function proveFindings(
  findings: readonly Finding[],
  which: string | boolean | undefined,
  io: CliIo,
  { start = startLate }: ProveDependencies = {},
): Promise<Finding[]> {
  if (which === undefined || which === false) return [...findings];
  const wanted = findings.filter(({ fingerprint }) => which === true || fingerprint === which);
  if (wanted.length === 0 && which !== true)
    throw new FaultlineError('USAGE', `no finding has the fingerprint ${which}`, {
      hint: 'faultline lint --format json tells the fingerprint of each.',
    });
  const results = new Map<Finding, ProofResult>();
  const bench = new Bench(start, io);
  try {
    await inTurns(wanted, AT_ONCE, async (finding) => {
      const result = await bench.prove(finding);
      if (result) results.set(finding, result);
    });
  } finally {
    await bench.dispose();
  }
  return findings.map((finding) => withResult(finding, results.get(finding)));
}

/** Imported late: who lints does not wait for the engine. */
const startLate: StartEmulator = async (options) => (await import('../emulator.js')).startEmulator(options);

/** What was refuted is told, and does not count. */
function withResult(finding: Finding, result: ProofResult | undefined): Finding {
  if (result === undefined || finding.proof === undefined) return finding;
  const proved = { ...finding, proof: { ...finding.proof, result } };
  return result.verdict === 'refuted' ? { ...proved, severity: 'info' } : proved;
}

/** The emulators that proofs run in, each started when it is first needed. */
class Bench {
  readonly #provers = new Map<string, Promise<Prover>>();
  readonly #emulators: Emulator[] = [];
  /** What findings share, as two in one handler do, is run once. */
  readonly #known = new Map<string, Promise<ProofResult>>();

  constructor(
    private readonly start: StartEmulator,
    private readonly io: CliIo,
  ) {}

  /** @returns undefined for a rule without an experiment, or once it was interrupted */
  async prove({ proof, file }: Finding): Promise<ProofResult | undefined> {
    if (proof === undefined || this.io.signal.aborted) return undefined;
    if (proof.function === undefined) return unproved(proof.unprovable ?? 'it has no experiment');
    const request = { attempts: proof.attempts };
    try {
      const root = await workspaceOf(file);
      const key = JSON.stringify([root, experimentsOf(request)]);
      const running = this.#known.get(key) ?? this.#run(root, request);
      this.#known.set(key, running);
      return await running;
    } catch (error) {
      if (this.io.signal.aborted) return undefined;
      return unproved(FaultlineError.from(error).message);
    }
  }

  async dispose(): Promise<void> {
    await Promise.allSettled(this.#provers.values());
    await Promise.all(this.#emulators.map((each) => each.stop()));
  }

  async #run(root: string, request: ProofRequest): Promise<ProofResult> {
    let prover = this.#provers.get(root);
    if (!prover) this.#provers.set(root, (prover = this.#started(root)));
    return (await prover).prove(request, this.io.signal);
  }

  async #started(root: string): Promise<Prover> {
    const options = { root, port: 0, controlPort: 0, watch: false, stateFile: false, store: 'memory' };
    const emulator = await this.start(options);
    this.#emulators.push(emulator);
    return createProver(emulator, systemClock);
  }
}

const unproved = (why: string): ProofResult => ({
  verdict: 'inconclusive',
  text: `It cannot be proved: ${why}.`.replace(/\.\.$/, '.'),
  decisions: [],
  seed: '',
});

/** Titles name the rule; two rules may ask for the same experiment, but not for the same verdict. */
function experimentsOf({ attempts }: ProofRequest): unknown {
  return attempts.map(({ experiment: { title: _, ...rest }, ...attempt }) => ({ ...attempt, rest }));
}

async function inTurns<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
