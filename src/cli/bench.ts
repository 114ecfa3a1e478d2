import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { GpuUnavailableError } from '../gpu/errors';
import { runBench } from '../measures/bench';
import { benchMarkdown } from '../measures/bench_markdown';
import { benchKernels, benchWorkloads, parseBenchArguments, type BenchArguments } from './bench_args';
import { CallError, oneLine, systemCode, type CommandIo } from './command';
import { EXIT } from './exit.mjs';
import { measureScale, SCALE_SIDES, scaleMarkdown } from './scale';

/**
 * `bench`: measures the kernels and engines, or with `--scale` what a trial costs among a thousand and among a million;
 * prints Markdown tables.
 * @returns the exit status
 */
export async function benchCommand(
  args: readonly string[],
  io: CommandIo & { readonly stdout: { write(text: string): unknown } },
): Promise<number> {
  try {
    const call = parseBenchArguments(args);
    if (call.json !== undefined) checkWritable(call.json);
    const done = await measure(call, io);
    if (!done) return EXIT.interrupted;
    io.stdout.write(done.markdown);
    if (call.json !== undefined) writeFileSync(call.json, `${JSON.stringify(done.report, null, 2)}\n`);
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

interface Measured {
  readonly report: object;
  readonly markdown: string;
}

/** Nothing when the user wanted to stop. */
async function measure(
  call: BenchArguments,
  { gpu, stderr, interrupt }: CommandIo,
): Promise<Measured | undefined> {
  const show = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r${text}\u001b[K`);
  };
  const interrupted = new Promise<undefined>((resolve) => {
    if (interrupt.aborted) resolve(undefined);
    interrupt.addEventListener('abort', () => resolve(undefined));
  });
  const measuring = call.scale ? scale(call, await gpu(), show) : kernelsAndEngines(call, await gpu(), show);
  try {
    return await Promise.race([measuring, interrupted]);
  } finally {
    show('');
  }
}

async function scale(
  { quick }: BenchArguments,
  gpu: GPU | undefined,
  show: (text: string) => void,
): Promise<Measured> {
  const sides = quick ? SCALE_SIDES.slice(0, 2) : SCALE_SIDES;
  const report = await measureScale(gpu, sides, (trials) => show(`measuring a sweep of ${trials} trials`));
  return { report, markdown: scaleMarkdown(report) };
}

async function kernelsAndEngines(
  call: BenchArguments,
  gpu: GPU | undefined,
  show: (text: string) => void,
): Promise<Measured> {
  const plan = {
    kernels: (software: boolean) => benchKernels(call, software),
    workloads: benchWorkloads(call),
    trials: () => call.trials,
    quick: call.quick,
  };
  const report = await runBench(gpu, true, plan, {
    begins: (what, at, total) => show(`measuring ${what} (${at} of ${total})`),
    measured: () => undefined,
  });
  return { report, markdown: benchMarkdown(report) };
}
