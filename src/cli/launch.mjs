// Starts the command line on a machine that has nothing but Node and npm: compiles it, and runs it in a process whose
// environment names a Vulkan driver, for Dawn looks for drivers as the process starts.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { compileCommandLine, root } from './compile.mjs';
import { vulkanEnvironment } from './software_gpu.mjs';

/** @param {string} code */
function stored(code) {
  const folder = join(root, 'node_modules/.cache/normscape');
  const file = join(folder, `cli-${createHash('sha256').update(code).digest('hex').slice(0, 16)}.mjs`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, code);
  renameSync(partial, file); // another process that runs the file never sees half of it
  return file;
}

const [code, environment] = await Promise.all([compileCommandLine(), vulkanEnvironment()]);
const child = spawn(process.execPath, [stored(code), ...process.argv.slice(2)], {
  env: { ...process.env, ...environment },
  // Over the channel the child notices when this process is gone.
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => child.kill(signal));
child.once('exit', (status, signal) =>
  process.exit(status ?? 128 + (signal ? constants.signals[signal] : 0)),
);
