// Starts the command line on a machine that has nothing but Node and npm: compiles it, and runs it in a process whose
// environment names a Vulkan driver, for Dawn looks for drivers as the process starts.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { collectChatter } from './chatter.mjs';
import { compiledCommandLine } from './compile.mjs';
import { isExplained } from './exit.mjs';
import { vulkanEnvironment } from './software_gpu.mjs';
import { standardError, STDERR_VARIABLE } from './standard_error.mjs';

const args = process.argv.slice(2);
const [file, environment] = await Promise.all([compiledCommandLine(), vulkanEnvironment()]);
const child = spawn(process.execPath, [file, ...args], {
  env: { ...process.env, ...environment, [STDERR_VARIABLE]: '4' },
  // The GPU library writes to descriptor 2 whatever it likes, so the command's own words have another one, and so reach a
  // terminal as such. Over the channel the child notices when this process is gone.
  stdio: ['inherit', 'inherit', 'pipe', 'ipc', 2],
});
const stderr = standardError(2);
/** @param {string} text in place of the progress line, which may stand there */
const say = (text) => stderr.write(stderr.isTTY ? `\r\u001b[K${text}` : text);
const unseen = collectChatter(
  /** @type {import('node:stream').Readable} */ (child.stderr),
  args.includes('--verbose') ? say : undefined,
);

/** @type {NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM'];
for (const signal of FORWARDED) process.on(signal, () => child.kill(signal));

// Only at its close has everything come that the child has written.
child.once('close', (status, signal) => {
  if (signal && !FORWARDED.includes(signal)) say(`the command was ended by ${signal}\n${unseen()}`);
  else if (!isExplained(status)) say(unseen());
  process.exit(status ?? 128 + (signal ? constants.signals[signal] : 0));
});
