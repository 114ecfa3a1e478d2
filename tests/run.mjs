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
/** What Deno runs of tests/training in every run: the engines against PyTorch, and what is done when they are wrong; lavapipe runs all of it. */
const ENGINES = ['golden', 'question', 'ladder'];
const WGPU = ['tests/gpu', 'tests/kernels', ...ENGINES.map((name) => `tests/training/${name}`)];

/** @typedef {{ command: string, args: string[], env?: Record<string, string> }} Part */

/**
 * @param {string[]} projects of vite.config.ts
 * @returns {Part}
 */
const dawn = (...projects) => ({
  command: process.execPath,
  args: [VITEST, 'run', ...projects.flatMap((name) => ['--project', name])],
});

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

/**
 * Parts that run one after the other, in lanes that run beside each other, each of which keeps about one core busy.
 * @returns {Promise<Part[][]>}
 */
async function lanes() {
  if (process.argv[2] !== 'lavapipe')
    return [[dawn('e2e', 'gpu', 'browser')], [dawn('unit'), wgpu(WGPU, await vulkan())]];
  if (!existsSync(LAVAPIPE))
    throw new Error(`There is no ${LAVAPIPE}: install Debian's package mesa-vulkan-drivers.`);
  return [[wgpu([], await vulkan(LAVAPIPE))]];
}

const folder = mkdtempSync(join(tmpdir(), 'normscape-tests-'));

/**
 * @param {Part} part
 * @param {string} counts the file for them
 * @param {boolean} isFirst its output is seen as it comes; that of others when they have ended
 * @returns {Promise<number>} the exit status
 */
function run({ command, args, env }, counts, isFirst) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: isFirst ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env, NORMSCAPE_COUNTS: counts },
    });
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => output.push(data));
    child.once('close', (status) => {
      process.stdout.write(Buffer.concat(output));
      resolve(status ?? 1);
    });
  });
}

const total = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {Part[]} lane
 * @param {number} index
 */
async function runLane(lane, index) {
  for (const [at, part] of lane.entries()) {
    const counts = join(folder, `counts-${index}-${at}`);
    const status = await run(part, counts, index === 0);
    const found = existsSync(counts)
      ? JSON.parse(readFileSync(counts, 'utf8'))
      : { passed: 0, failed: 0, skipped: 0 };
    if (status !== 0 && found.failed === 0) found.failed = 1; // it came to no end of its own
    for (const what of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[what] += found[what];
    if (found.failed > 0) process.exitCode = 1;
  }
}

try {
  await Promise.all((await lanes()).map(runLane));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed += 1;
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
const { passed, failed, skipped } = total;
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
