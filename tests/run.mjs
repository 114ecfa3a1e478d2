// The tests, on more than one implementation of WebGPU, with one line of counts at the end.
//   node tests/run.mjs            Dawn (Node, Chromium) and wgpu (Deno), both on SwiftShader: npm brings all of it
//   node tests/run.mjs fast       in under a minute: what needs neither processes nor pages, and the engines against PyTorch on Dawn
//   node tests/run.mjs lavapipe   wgpu on Mesa's driver, of Debian's package mesa-vulkan-drivers
// With TESTS=every nothing is left out (tests/every.ts says what else is).
// Plain JavaScript, because it runs before anything has been compiled.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vulkanEnvironment } from '../src/cli/software_gpu.mjs';

const LAVAPIPE = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';
const VITEST = 'node_modules/vitest/vitest.mjs';
/** What Deno runs of tests/training in every run: the engines against PyTorch, and what is done when they are wrong; lavapipe runs all of it. */
const ENGINES = ['golden', 'ladder'];
const WGPU = ['tests/gpu', 'tests/kernels', ...ENGINES.map((name) => `tests/training/${name}`)];

/** Unit tests of so many inputs that they take seconds. */
const SLOW = ['experiment/fuzz', 'experiment/link_seal', 'ui/experiment/controls', 'scheduler/calibrate'];

/** @typedef {{ command: string, args: string[], env?: NodeJS.ProcessEnv }} Part */

/**
 * @param {string} project of vite.config.ts
 * @param {string[]} [choice] of its files
 * @returns {Part}
 */
const dawn = (project, choice = []) => ({
  command: process.execPath,
  args: [VITEST, 'run', '--project', project, ...choice],
});

/**
 * @param {string[]} files
 * @param {NodeJS.ProcessEnv} env
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

/** Parts that run beside each other, each of which keeps about one core busy. */
const LANES = 2;

/**
 * What is run, in the order in which it begins: first what takes longest.
 * @param {string} [mode]
 * @returns {Promise<Part[]>}
 */
async function parts(mode) {
  switch (mode) {
    case undefined:
      return [
        dawn('e2e'),
        dawn('gpu', ['tests/training']),
        wgpu(WGPU, { TESTS: 'few', ...process.env, ...(await vulkan()) }),
        dawn('cli'),
        dawn('gpu', ['tests/gpu', 'tests/kernels', 'tests/measures', 'tests/bench']),
        dawn('unit'),
        dawn('browser'),
      ];
    case 'fast':
      return [
        dawn(
          'unit',
          SLOW.flatMap((file) => ['--exclude', `tests/${file}.test.ts`]),
        ),
        dawn('gpu', ['tests/training/golden']),
      ];
    case 'lavapipe':
      if (existsSync(LAVAPIPE)) return [wgpu([], await vulkan(LAVAPIPE))];
      throw new Error(`There is no ${LAVAPIPE}: install Debian's package mesa-vulkan-drivers.`);
    default:
      throw new Error(`No tests are called ${mode}: fast and lavapipe are.`);
  }
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
 * Runs one part after the other, as long as there are any.
 * @param {IterableIterator<[number, Part]>} left for all lanes
 * @param {boolean} isFirst of the lanes
 */
async function runLane(left, isFirst) {
  for (const [at, part] of left) {
    const counts = join(folder, `counts-${at}`);
    const status = await run(part, counts, isFirst);
    const found = existsSync(counts)
      ? JSON.parse(readFileSync(counts, 'utf8'))
      : { passed: 0, failed: 0, skipped: 0 };
    if (status !== 0 && found.failed === 0) found.failed = 1; // it came to no end of its own
    for (const what of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[what] += found[what];
    if (found.failed > 0) process.exitCode = 1;
  }
}

try {
  const left = (await parts(process.argv[2])).entries();
  await Promise.all(Array.from({ length: LANES }, (_, lane) => runLane(left, lane === 0)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total.failed += 1;
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
const { passed, failed, skipped } = total;
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
