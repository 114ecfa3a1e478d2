import { benchCommand } from './bench';
import { EXIT, type CommandIo } from './command';
import { nodeGpu } from './node_gpu';
import { sweepCommand } from './sweep';

type Command = (args: readonly string[], io: CommandIo & { stdout: NodeJS.WriteStream }) => Promise<number>;
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['sweep', sweepCommand],
  ['bench', benchCommand],
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

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS.get(name);
try {
  if (command) {
    process.exitCode = await command(args, {
      stdout: process.stdout,
      stderr: process.stderr,
      gpu: nodeGpu,
      interrupt: interrupt.signal,
    });
  } else {
    process.stderr.write(`command: found "${name}", allowed: ${[...COMMANDS.keys()].join(', ')}\n`);
    process.exitCode = EXIT.wrong;
  }
} catch (error) {
  console.error(error);
  process.exitCode = EXIT.failed;
}
process.exit(); // Dawn's threads and the launcher's channel would keep the process alive
