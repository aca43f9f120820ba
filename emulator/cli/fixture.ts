import type { CliIo } from './types.js';

/** For tests: a terminal that remembers what it was told. */
export interface TestIo extends CliIo {
  readonly out: string;
  readonly err: string;
}

export function testIo(change: Partial<CliIo> = {}): TestIo {
  const told = { out: '', err: '' };
  return {
    cwd: process.cwd(),
    env: {},
    stdout: (text) => void (told.out += text),
    stderr: (text) => void (told.err += text),
    stdin: () => Promise.resolve(''),
    color: false,
    signal: new AbortController().signal,
    ...change,
    get out() {
      return told.out;
    },
    get err() {
      return told.err;
    },
  };
}
