import { defineConfig } from 'vitest/config';
import { testVulkanEnvironment } from './src/cli/software_gpu.mjs';
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
      projects: testing ? await testProjects() : [],
    },
  };
});

/** By what runs them: Node alone, Dawn in Node, Chromium; in Deno, wgpu runs what is about WGSL and the engines once more. */
async function testProjects() {
  if ('Deno' in globalThis)
    return [project('wgpu', 'tests/{gpu,kernels,training}/**', { pool: 'forks' as const })];
  // Not known to Deno.
  const { playwright } = await import('@vitest/browser-playwright');
  const { browserLaunchOptions } = await import('./tests/browser.ts');
  return [
    project('unit', 'tests/{experiment,reference,shaders,theory,scheduler,ui,cli,bench}/**'),
    project('gpu', 'tests/{gpu,kernels,training,measures}/**', { pool: 'forks' as const }),
    project('browser', 'tests/gpu/**', {
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: await browserLaunchOptions() }),
        instances: [{ browser: 'chromium' as const }],
      },
    }),
    project('e2e', 'tests/e2e/**'),
  ];
}

function project<Options extends object>(name: string, files: string, options?: Options) {
  return { extends: true as const, test: { name, include: [`${files}/*.test.ts`], ...options } };
}

/** `npm start` opens the page where somebody can see it. */
function canOpenBrowser(): boolean {
  if (process.env['CI']) return false;
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}
