import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GpuUnavailableError } from '../gpu/errors';
import { runBench } from '../measures/bench';
import { benchMarkdown } from '../measures/bench_markdown';
import { benchKernels, benchWorkloads, parseBenchArguments, type BenchArguments } from './bench_args';
import { CallError, EXIT, oneLine, systemCode, type CommandIo } from './command';

/**
 * `bench [--json FILE] [--kernel NAME] [--size NAME] [--workload A,…] [--trials N] [--quick]`: measures the kernels and
 * engines, and prints Markdown tables.
 * @returns the exit status
 */
export async function benchCommand(
  args: readonly string[],
  io: CommandIo & { readonly stdout: { write(text: string): unknown } },
): Promise<number> {
  try {
    const call = parseBenchArguments(args);
    if (call.json !== undefined) checkWritable(call.json);
    const report = await measure(call, io);
    if (!report) return EXIT.interrupted;
    io.stdout.write(benchMarkdown(report));
    if (call.json !== undefined) writeFileSync(call.json, `${JSON.stringify(report, null, 2)}\n`);
    return EXIT.done;
  } catch (error) {
    if (error instanceof CallError) {
      io.stderr.write(oneLine(error.message));
      return EXIT.wrong;
    }
    if (error instanceof GpuUnavailableError) {
      const reason = error.state === 'no-webgpu' ? 'WebGPU cannot be loaded here' : error.message;
      io.stderr.write(oneLine(`${reason}; without a graphics adapter there is nothing to measure`));
      return EXIT.noAdapter;
    }
    throw error;
  }
}

/** Minutes of measuring are not to be lost for a file that cannot be written. */
function checkWritable(file: string): void {
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new CallError('--json', `"${file}" (${systemCode(error)})`, 'a file that can be written');
  }
}

async function measure(call: BenchArguments, { gpu, stderr, interrupt }: CommandIo) {
  const show = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r${text}\u001b[K`);
  };
  const interrupted = new Promise<undefined>((resolve) => {
    if (interrupt.aborted) resolve(undefined);
    interrupt.addEventListener('abort', () => resolve(undefined));
  });
  const plan = {
    kernels: (software: boolean) => benchKernels(call, software),
    workloads: benchWorkloads(call),
    trials: () => call.trials,
    quick: call.quick,
  };
  const bench = runBench(await gpu(), true, plan, {
    begins: (what, at, total) => show(`measuring ${what} (${at} of ${total})`),
    measured: () => undefined,
  });
  try {
    return await Promise.race([bench, interrupted]);
  } finally {
    show('');
  }
}
