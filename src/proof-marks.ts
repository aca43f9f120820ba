import type { Finding } from '../emulator/contract/findings.js';
import type { ProofResult } from '../emulator/contract/proof.js';

/** What became of the experiments of findings, as long as the code is the one that was tried. */
export class ProofMarks {
  readonly #marks = new Map<string, { readonly version: number; readonly results: Map<string, ProofResult> }>();

  /** @param document its URI; @param version of the text that the finding is about */
  set(document: string, version: number, fingerprint: string, result: ProofResult): void {
    const known = this.#marks.get(document);
    const results = known?.version === version ? known.results : new Map<string, ProofResult>();
    this.#marks.set(document, { version, results: results.set(fingerprint, result) });
  }

  of(document: string, version: number, { fingerprint }: Pick<Finding, 'fingerprint'>): ProofResult | undefined {
    const known = this.#marks.get(document);
    return fingerprint === undefined || known?.version !== version ? undefined : known.results.get(fingerprint);
  }

  /** @returns whether there was something to clear */
  clear(document: string): boolean {
    return this.#marks.delete(document);
  }
}
