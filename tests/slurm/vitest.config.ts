import { defineConfig } from 'vitest/config';
import { testVulkanEnvironment } from '../../src/cli/software_gpu.mjs';
import { SummaryReporter } from '../summary_reporter.ts';

/** Apart from the other tests, because these need two of Debian's packages, which npm cannot bring. */
export default defineConfig(async () => {
  Object.assign(process.env, await testVulkanEnvironment());
  return {
    test: {
      reporters: ['default', new SummaryReporter()],
      testTimeout: 1_200_000,
      hookTimeout: 120_000,
      include: ['tests/slurm/**/*.test.ts'],
    },
  };
});
