import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/emulator/**/*.test.ts',
      'test/lint/**/*.test.ts',
      'lint/**/*.test.ts',
      'emulator/**/*.test.ts',
      'src/**/*.test.ts',
      'media/**/*.test.ts',
      'examples/**/*.test.mjs',
    ],
    pool: 'forks',
    // Modules are loaded once by each worker, not once by each file: no test changes them, and it halves the time.
    isolate: false,
    // More than the smallest machine has processors: they wait for processes much of the time.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
