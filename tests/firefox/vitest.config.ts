import { defineConfig } from 'vitest/config';
import { SummaryReporter } from '../summary_reporter.ts';

/** Apart from the other tests, because these need two of Debian's packages, which npm cannot bring. */
export default defineConfig({
  test: {
    reporters: ['default', new SummaryReporter()],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false, // one Firefox at a time has the CPUs to itself
    include: ['tests/firefox/**/*.test.ts'],
  },
});
