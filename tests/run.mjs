// The tests, on more than one implementation of WebGPU, with one line of counts at the end.
//   node tests/run.mjs            Dawn (Node, Chromium) and wgpu (Deno), both on SwiftShader: npm brings all of it
//   node tests/run.mjs lavapipe   wgpu on Mesa's driver, of Debian's package mesa-vulkan-drivers
// Plain JavaScript, because it runs before anything has been compiled.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vulkanEnvironment } from '../src/cli/software_gpu.mjs';

const LAVAPIPE = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';
const VITEST = 'node_modules/vitest/vitest.mjs';
/** What Deno runs of tests/training in every run: the engines against the reference and PyTorch; lavapipe runs all of it. */
const ENGINES = ['engines_agree', 'golden', 'question', 'ladder'];
const WGPU = ['tests/gpu', 'tests/kernels', ...ENGINES.map((name) => `tests/training/${name}`)];

/** @typedef {{ command: string, args: string[], env?: Record<string, string> }} Part */

/** @returns {Part} */
const dawn = () => ({ command: process.execPath, args: [VITEST, 'run'] });

/**
 * @param {string[]} files
 * @param {Record<string, string>} env
 * @returns {Part}
 */
const wgpu = (files, env) => ({
  command: process.execPath,
  args: ['node_modules/deno/bin.cjs', 'run', '-A', '--unstable-webgpu', VITEST, 'run', ...files],
  env,
});

/**
 * The environment in which wgpu finds one driver.
 * @param {string} [driver] SwiftShader from the npm registry, unless another is named
 * @returns {Promise<Record<string, string>>}
 */
async function vulkan(driver) {
  const { VK_ADD_DRIVER_FILES: swiftshader, ...loader } = await vulkanEnvironment();
  const file = driver ?? swiftshader;
  return file
    ? { ...loader, DENO_WEBGPU_BACKEND: 'vulkan', VK_ICD_FILENAMES: file, XDG_RUNTIME_DIR: tmpdir() }
    : {};
}

/** @returns {Promise<Part[]>} */
async function parts() {
  if (process.argv[2] !== 'lavapipe') return [dawn(), wgpu(WGPU, await vulkan())];
  if (!existsSync(LAVAPIPE))
    throw new Error(`There is no ${LAVAPIPE}: install Debian's package mesa-vulkan-drivers.`);
  return [wgpu([], await vulkan(LAVAPIPE))];
}

const folder = mkdtempSync(join(tmpdir(), 'normscape-tests-'));
const counts = join(folder, 'counts');

/**
 * @param {Part} part
 * @returns {Promise<number>} the exit status
 */
function run({ command, args, env }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, ...env, NORMSCAPE_COUNTS: counts },
    });
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const part of await parts()) {
    rmSync(counts, { force: true });
    const status = await run(part);
    const found = existsSync(counts)
      ? JSON.parse(readFileSync(counts, 'utf8'))
      : { passed: 0, failed: 0, skipped: 0 };
    if (status !== 0 && found.failed === 0) found.failed = 1; // it came to no end of its own
    for (const what of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[what] += found[what];
    if (found.failed > 0) process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed += 1;
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
const { passed, failed, skipped } = total;
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
