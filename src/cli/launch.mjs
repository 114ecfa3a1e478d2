// Starts the command line on a machine that has nothing but Node and npm: compiles it, and runs it in a process whose
// environment names a Vulkan driver, for Dawn looks for drivers as the process starts.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { collectChatter } from './chatter.mjs';
import { compiledCommandLine } from './compile.mjs';
import { EXIT, isExplained } from './exit.mjs';
import { vulkanEnvironment } from './software_gpu.mjs';
import { standardError, STDERR_VARIABLE } from './stream.mjs';

/** @type {NodeJS.Signals[]} */
const FORWARDED = ['SIGINT', 'SIGTERM'];
/** Milliseconds after the first of them at which the command is ended, for it may be where no signal reaches it. */
const PATIENCE = 1900;

const args = process.argv.slice(2);
const stderr = standardError(2);
/** @param {string} text in place of the progress line, which may stand there */
const say = (text) => stderr.write(stderr.isTTY ? `\r\u001b[K${text}` : text);
/** @returns {never} */
function endInterrupted() {
  say('interrupted; what a sweep has finished is kept, and the same call goes on from there\n');
  process.exit(EXIT.interrupted);
}

/**
 * @param {unknown} error
 * @returns {never}
 */
function endUnstarted(error) {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  say(`the command cannot be made ready to start: ${error.message}\n`); // which names the file, or says that the disk is full
  process.exit(EXIT.unwritable);
}

/** @type {import('node:child_process').ChildProcess | undefined} */
let child;
/** @type {NodeJS.Timeout | undefined} */
let ending;
for (const signal of FORWARDED)
  process.on(signal, () => {
    if (!child) endInterrupted();
    child.kill(signal);
    ending ??= setTimeout(() => child?.kill('SIGKILL'), PATIENCE);
  });

const [file, environment] = await Promise.all([compiledCommandLine(), vulkanEnvironment()]).catch(
  endUnstarted,
);
child = spawn(process.execPath, [file, ...args], {
  env: { ...process.env, ...environment, [STDERR_VARIABLE]: '4' },
  // The GPU library writes to descriptor 2 whatever it likes, so the command's own words have another one, and so reach a
  // terminal as such. Over the channel the child notices when this process is gone.
  stdio: ['inherit', 'inherit', 'pipe', 'ipc', 2],
});
const unseen = collectChatter(
  /** @type {import('node:stream').Readable} */ (child.stderr),
  args.includes('--verbose') ? say : undefined,
);

// Only at its close has everything come that the child has written.
child.once('close', (status, signal) => {
  if (signal && ending) endInterrupted();
  if (signal) say(`the command was ended by ${signal}\n${unseen()}`);
  else if (!isExplained(status)) say(unseen());
  process.exit(status ?? 128 + (signal ? constants.signals[signal] : 0));
});
