import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { testVulkanEnvironment } from './src/cli/software_gpu.mjs';
import { browserLaunchOptions } from './tests/browser.ts';
import { SummaryReporter } from './tests/summary_reporter.ts';

export default defineConfig(async () => {
  const testing = Boolean(process.env['VITEST']);
  // The Vulkan loader is looked for when a process starts, so the workers must inherit where it is.
  if (testing) Object.assign(process.env, await testVulkanEnvironment());
  return {
    base: './',
    build: { target: 'es2023', chunkSizeWarningLimit: 800 },
    worker: { format: 'es' as const },
    server: { open: canOpenBrowser() },
    test: {
      reporters: ['default', new SummaryReporter()],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      projects: [
        {
          extends: true as const,
          test: {
            name: 'unit',
            include: ['tests/{experiment,reference,theory,scheduler,ui,cli,bench}/**/*.test.ts'],
          },
        },
        {
          extends: true as const,
          test: {
            name: 'gpu',
            pool: 'forks' as const,
            include: ['tests/{gpu,kernels,training,measures}/**/*.test.ts'],
          },
        },
        {
          extends: true as const,
          test: {
            name: 'browser',
            include: ['tests/{gpu,kernels}/**/*.test.ts'],
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({ launchOptions: testing ? await browserLaunchOptions() : {} }),
              instances: [{ browser: 'chromium' as const }],
            },
          },
        },
        { extends: true as const, test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'] } },
      ],
    },
  };
});

/** `npm start` opens the page where somebody can see it. */
function canOpenBrowser(): boolean {
  if (process.env['CI']) return false;
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}
