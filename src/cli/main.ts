import { inspect } from 'node:util';
import { SWEEP_USAGE } from './args';
import { benchCommand } from './bench';
import { BENCH_USAGE } from './bench_args';
import { CallError, oneLine, quoted, type CommandIo } from './command';
import { endingOf } from './endings';
import { EXIT } from './exit.mjs';
import { answerTo } from './help';
import { MERGE_USAGE, mergeCommand } from './merge';
import { nodeGpu } from './node_gpu';
import type { Usage } from './options';
import { standardError, STDERR_VARIABLE } from './stream.mjs';
import { sweepCommand } from './sweep';
import { standardOutput } from './writing';

interface Command {
  readonly usage: Usage;
  run(
    args: readonly string[],
    io: CommandIo & { stdout: ReturnType<typeof standardOutput> },
  ): Promise<number>;
}
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['sweep', { usage: SWEEP_USAGE, run: sweepCommand }],
  ['merge', { usage: MERGE_USAGE, run: mergeCommand }],
  ['bench', { usage: BENCH_USAGE, run: benchCommand }],
]);

const interrupt = new AbortController();
const onSignal = () => interrupt.abort();
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
// The launcher, where there is one, may be gone, even before this program has begun.
if (process.connected) process.once('disconnect', onSignal);
else if (process.env[STDERR_VARIABLE] !== undefined) onSignal();

const stdout = standardOutput();
const stderr = standardError();

async function statusOf([name = '', ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS.get(name);
  if (!command) {
    const allowed = `${[...COMMANDS.keys()].join(', ')} (each explains itself with --help)`;
    throw new CallError('command', quoted(name), allowed);
  }
  const answer = answerTo(args, command.usage);
  if (answer === undefined)
    return command.run(args, { stdout, stderr, gpu: nodeGpu, interrupt: interrupt.signal });
  stdout.write(answer);
  return EXIT.done;
}

function fail(error: unknown): never {
  const ending = endingOf(error);
  stderr.write(ending ? oneLine(ending.words) : `${inspect(error)}\n`);
  process.exit(ending?.status ?? EXIT.failed);
}

process.on('uncaughtException', fail); // from what nobody waits for
// Dawn's threads and the launcher's channel would keep the process alive.
process.exit(await statusOf(process.argv.slice(2)).catch(fail));
