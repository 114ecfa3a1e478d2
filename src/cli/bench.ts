import { accessSync, constants, existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runBench } from '../bench/bench';
import { benchShapes, type ShapePlan } from '../bench/shape_bench';
import { benchMarkdown, shapeMarkdown } from '../view/bench_markdown';
import { benchKernels, benchWorkloads, parseBenchArguments, type BenchArguments } from './bench_args';
import { CallError, oneLine, quoted, systemCode, unlessInterrupted, type CommandIo } from './command';
import { endingOf } from './endings';
import { EXIT } from './exit.mjs';
import { MEASURED_TRIALS, measureScale, SCALE_SIDES, scaleMarkdown } from './scale';
import { writing } from './writing';

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
    const { json } = call;
    if (json !== undefined) checkWritable(json);
    const { markdown, report } = await measure(call, io);
    if (json !== undefined) writing(json, () => writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`));
    io.stdout.write(markdown);
    return EXIT.done;
  } catch (error) {
    const ending = endingOf(error);
    if (!ending) throw error;
    const { status, words } = ending;
    const rest = status === EXIT.noAdapter ? '; without a graphics adapter there is nothing to measure' : '';
    io.stderr.write(oneLine(`${words}${rest}`));
    return status;
  }
}

/** Minutes of measuring are not to be lost for a file that cannot be written. */
function checkWritable(file: string): void {
  const allowed = 'a file that can be written';
  try {
    accessSync(existsSync(file) ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw new CallError('--json', `${quoted(file)} (${systemCode(error)})`, allowed);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new CallError('--json', `${quoted(file)} (a directory)`, allowed);
}

interface Measured {
  readonly report: object;
  readonly markdown: string;
}

/** Ends at once when the user wants it to, for there is nothing to be kept. */
async function measure(call: BenchArguments, { gpu, stderr, interrupt }: CommandIo): Promise<Measured> {
  const show = (text: string) => {
    if (stderr.isTTY) stderr.write(`\r${text}\u001b[K`);
  };
  const measuring = gpu().then((entry) => {
    if (call.scale) return scale(call, entry, show);
    const { shapes } = call;
    return shapes ? inShapes({ ...call, shapes }, entry, show) : kernelsAndEngines(call, entry, show);
  });
  try {
    return await unlessInterrupted(interrupt, measuring, 0);
  } finally {
    show('');
  }
}

async function scale(
  { quick }: BenchArguments,
  gpu: GPU | undefined,
  show: (text: string) => void,
): Promise<Measured> {
  const length = quick ? 'quick' : 'thorough';
  const report = await measureScale(gpu, SCALE_SIDES[length], MEASURED_TRIALS[length], (trials) =>
    show(`measuring a sweep of ${trials} trials`),
  );
  return { report, markdown: scaleMarkdown(report) };
}

async function inShapes(
  call: BenchArguments & Pick<ShapePlan, 'shapes'>,
  gpu: GPU | undefined,
  show: (text: string) => void,
): Promise<Measured> {
  const plan = { ...call, workloads: benchWorkloads(call) };
  const report = await benchShapes(gpu, plan, (what) => show(`measuring ${what}`));
  return { report, markdown: shapeMarkdown(report) };
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
    memory: call.memory,
    quick: call.quick,
  };
  const report = await runBench(gpu, true, plan, {
    begins: (what, at, total) => show(`measuring ${what} (${at} of ${total})`),
    measured: () => undefined,
  });
  return { report, markdown: benchMarkdown(report) };
}
