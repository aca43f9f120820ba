import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/unit/**/*.test.ts',
      'test/emulator/**/*.test.ts',
      'lint/**/*.test.ts',
      'emulator/**/*.test.ts',
      'src/**/*.test.ts',
      'media/**/*.test.ts',
      'examples/**/*.test.mjs',
    ],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
