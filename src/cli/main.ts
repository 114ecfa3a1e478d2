import { inspect } from 'node:util';
import { SWEEP_USAGE } from './args';
import { benchCommand } from './bench';
import { BENCH_USAGE } from './bench_args';
import { CallError, oneLine, type CommandIo } from './command';
import { EXIT } from './exit.mjs';
import { answerTo } from './help';
import { nodeGpu } from './node_gpu';
import type { Usage } from './options';
import { standardError } from './standard_error.mjs';
import { sweepCommand } from './sweep';

interface Command {
  readonly usage: Usage;
  run(args: readonly string[], io: CommandIo & { stdout: NodeJS.WriteStream }): Promise<number>;
}
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['sweep', { usage: SWEEP_USAGE, run: sweepCommand }],
  ['bench', { usage: BENCH_USAGE, run: benchCommand }],
]);

/** One Ctrl-C may arrive more than once: from the terminal, from npm and from the launcher. */
const SAME_SIGNAL_MILLISECONDS = 1000;

const interrupt = new AbortController();
let interruptedAt: number | undefined;
function onSignal(): void {
  const now = performance.now();
  interruptedAt ??= now;
  if (now - interruptedAt > SAME_SIGNAL_MILLISECONDS) process.exit(EXIT.interrupted);
  interrupt.abort();
}
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
if (process.connected) process.once('disconnect', onSignal); // the launcher is gone

const { stdout } = process;
const stderr = standardError();

async function statusOf([name = '', ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS.get(name);
  if (!command) {
    const allowed = `${[...COMMANDS.keys()].join(', ')} (each explains itself with --help)`;
    stderr.write(oneLine(new CallError('command', `"${name}"`, allowed).message));
    return EXIT.wrong;
  }
  const answer = answerTo(args, command.usage);
  if (answer === undefined)
    return command.run(args, { stdout, stderr, gpu: nodeGpu, interrupt: interrupt.signal });
  stdout.write(answer);
  return EXIT.done;
}

try {
  process.exitCode = await statusOf(process.argv.slice(2));
} catch (error) {
  stderr.write(`${inspect(error)}\n`);
  process.exitCode = EXIT.failed;
}
process.exit(); // Dawn's threads and the launcher's channel would keep the process alive
