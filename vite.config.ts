import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin, Rolldown } from 'vite';
import { defineConfig } from 'vitest/config';
import { testVulkanEnvironment } from './src/cli/software_gpu.mjs';
import { SummaryReporter } from './tests/summary_reporter.ts';

/**
 * What the built page may load and do: its own files, and nothing else. Styles that depend on values are set as properties
 * (`.style`), since a `style` attribute would need 'unsafe-inline'.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  'img-src data:', // the empty icon, without which browsers ask for one
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default lit-html',
].join('; ');

export default defineConfig(async () => {
  const testing = Boolean(process.env['VITEST']);
  // The Vulkan loader is looked for when a process starts, so the workers must inherit where it is.
  if (testing) Object.assign(process.env, await testVulkanEnvironment());
  const licenses = licensesOfParts();
  return {
    base: './',
    build: {
      target: 'es2023',
      chunkSizeWarningLimit: 800,
      modulePreload: { polyfill: false }, // there is one script, so nothing to load ahead
    },
    plugins: [contentSecurityPolicy, licenses.ofPage],
    worker: { format: 'es' as const, plugins: () => [licenses.ofWorker] },
    server: { open: canOpenBrowser() },
    test: {
      reporters: ['default', new SummaryReporter()],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      projects: testing ? await testProjects() : [],
    },
  };
});

/** In the built page only: the development server's page has inline scripts and styles. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

/**
 * Writes licenses.txt: the licence of every package of which the page has a part. Vite's `build.license` sees neither fonts
 * nor what workers are made of.
 */
function licensesOfParts(): { ofPage: Plugin; ofWorker: Plugin } {
  const folders = new Set<string>();
  const collect = (bundle: Rolldown.OutputBundle) => {
    for (const output of Object.values(bundle))
      for (const file of output.type === 'chunk' ? output.moduleIds : output.originalFileNames) {
        const folder = packageFolder(file);
        if (folder) folders.add(folder);
      }
  };
  return {
    ofPage: {
      name: 'licenses',
      apply: 'build',
      generateBundle(_, bundle) {
        collect(bundle);
        const source = [...folders]
          .map(licenseOf)
          .sort()
          .join(`\n${'-'.repeat(80)}\n\n`);
        this.emitFile({ type: 'asset', fileName: 'licenses.txt', source });
      },
    },
    // Workers are bundled apart, before the page is.
    ofWorker: { name: 'licenses-of-worker', generateBundle: (_, bundle) => collect(bundle) },
  };
}

/** Where the package lies that a file of a bundle is from; nothing for the project's own. */
function packageFolder(file: string): string | undefined {
  const [folder] = /[^\0]*\bnode_modules\/(@[^/]+\/)?[^/]+/.exec(file) ?? [];
  if (folder) return resolve(import.meta.dirname, folder); // files of fonts are named from here
  if (!file.startsWith('\0')) return undefined;
  // What the build tools themselves put in.
  return resolve(import.meta.dirname, 'node_modules', file.startsWith('\0vite/') ? 'vite' : 'rolldown');
}

/** Name, version and licence of a package; one without a licence text must not be shipped. */
function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const text = readdirSync(folder).find((file) => /^licen[cs]e(\.(md|txt))?$/i.test(file));
  if (!text) throw new Error(`${name} has no licence text: the page must not be shipped with it`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, text), 'utf8').trim()}\n`;
}

/** Test files share a process, and so a device and the pipelines that were compiled for it. */
const TOGETHER = { pool: 'forks' as const, isolate: false };

/** By what runs them: Node alone, processes of the command line, Dawn in Node, Chromium; in Deno, wgpu runs what is about WGSL and the engines once more. */
async function testProjects() {
  if ('Deno' in globalThis) return [project('wgpu', 'tests/{gpu,kernels,training}/**', TOGETHER)];
  // Not known to Deno.
  const { playwright } = await import('@vitest/browser-playwright');
  const { browserLaunchOptions } = await import('./tests/browser.ts');
  return [
    project('unit', 'tests/{house,experiment,reference,shaders,theory,scheduler,service,view,ui,peers}/**', {
      isolate: false, // many small files, of which each would load the same modules
    }),
    project('cli', 'tests/cli/**', { isolate: false }),
    project('gpu', 'tests/{gpu,kernels,training,measures,bench}/**', TOGETHER),
    project('browser', 'tests/gpu/**', {
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: await browserLaunchOptions() }),
        instances: [{ browser: 'chromium' as const }],
      },
    }),
    project('e2e', 'tests/e2e/**', { globalSetup: 'tests/e2e/setup.ts', isolate: false }),
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
