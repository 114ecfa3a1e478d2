import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { gridOf } from '../experiment/axes';
import { parseExperimentText } from '../experiment/schema';
import { ExperimentError, type Experiment } from '../experiment/types';
import { GpuUnavailableError } from '../gpu/errors';
import { ResultTable } from '../scheduler/results';
import { Sweep, type SweepListener, type SweepOptions } from '../scheduler/sweep';
import { TrialSource } from '../scheduler/trial_source';
import type { Engine } from '../training/engine';
import { Ladder } from '../training/ladder';
import { checkTrace, parseSweepArguments, type SweepArguments, type TraceChoice } from './args';
import { Checkpoint } from './checkpoint';
import { CallError, oneLine, systemCode, type CommandIo } from './command';
import { EXIT } from './exit.mjs';
import { drawMap } from './map';
import { ResultFiles, TRACE_HEADER, traceLines, trialLines, type RecordedTrace } from './output';
import { encodePng } from './png';
import { ProgressLine, withKept } from './progress_line';

/** Steps of traces that are held in memory at once. */
const TRACED_STEPS = 2 ** 20;

/**
 * `sweep`: trains all trials of an experiment and writes what came out. Whatever is wrong is found before anything is written.
 * @returns the exit status
 */
export async function sweepCommand(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const call = parseSweepArguments(args);
    return await runSweep(call, readExperiment(call.document), io);
  } catch (error) {
    if (error instanceof CallError || error instanceof ExperimentError) {
      io.stderr.write(oneLine(error.message));
      return EXIT.wrong;
    }
    if (error instanceof GpuUnavailableError) {
      const reason = error.state === 'no-webgpu' ? 'WebGPU cannot be loaded here' : error.message;
      io.stderr.write(oneLine(`${reason}; --engine reference works without a graphics adapter`));
      return EXIT.noAdapter;
    }
    throw error;
  }
}

function readExperiment(file: string): Experiment {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new CallError('EXPERIMENT.json', `"${file}" (${systemCode(error)})`, 'a file that can be read');
  }
  return parseExperimentText(text);
}

/** The user wants the command to stop; what is in flight has ended. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

async function runSweep(call: SweepArguments, experiment: Experiment, io: CommandIo): Promise<number> {
  const grid = gridOf(experiment);
  checkTrace(call.trace, grid);
  const progress = new ProgressLine(io.stderr);
  const faults: string[] = [];
  const { open: makeEngine } = new Ladder(call.engine, () => io.gpu(), true, {
    fault(words) {
      faults.push(words);
      progress.clear();
      io.stderr.write(oneLine(words));
    },
  });
  const adapter = await adapterOf(makeEngine);
  const checkpoint = Checkpoint.open(join(call.out, 'checkpoint.jsonl'), {
    experiment: createHash('sha256').update(JSON.stringify(experiment)).digest('hex'),
    engine: call.engine,
    adapter,
    version,
  });
  const results = new ResultTable(grid.trials);
  results.enter(checkpoint.kept);
  const kept = checkpoint.kept.trial.length;

  const train = (listener: SweepListener, options: SweepOptions) =>
    interruptible(
      new Sweep(experiment, makeEngine, listener, { ...options, memory: call.memory }),
      io.interrupt,
    );
  let files: ResultFiles | undefined;
  try {
    await train(
      {
        results(outcomes) {
          checkpoint.add(outcomes);
          results.enter(outcomes);
        },
        progress: (now) => progress.show('training', withKept(now, kept)),
      },
      { wants: (trial) => !results.isFinished(trial) },
    );
    files = new ResultFiles(call.out);
    const source = new TrialSource(experiment);
    await files.write('trials.csv', trialLines(source, results));
    if (call.trace)
      await files.write('traces.csv', tracedLines(source, experiment, call.trace, train, progress));
    await files.write('map.png', [encodePng(drawMap(grid, results))]);
    const result = { version, engine: call.engine, adapter, ...(faults.length > 0 && { faults }) };
    const document = { ...experiment, result };
    await files.write('experiment.json', [`${JSON.stringify(document, null, 2)}\n`]);
    files.publish();
    checkpoint.remove();
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.clear();
    const finished = countFinished(results);
    const where = `kept in ${checkpoint.file}; the same call goes on from there`;
    io.stderr.write(oneLine(`interrupted: ${finished} of ${grid.trials} trials ${where}`));
    return EXIT.interrupted;
  } finally {
    progress.clear();
    files?.discard();
  }
}

/** Opens an engine only to know that there is one, and on what it runs. */
async function adapterOf(makeEngine: () => Promise<Engine>): Promise<string> {
  const engine = await makeEngine();
  engine.close();
  return engine.adapter;
}

async function interruptible(sweep: Sweep, interrupt: AbortSignal): Promise<void> {
  const stop = () => sweep.stop();
  interrupt.addEventListener('abort', stop);
  if (interrupt.aborted) stop();
  try {
    if ((await sweep.run()) === 'stopped') throw new Interrupted();
  } finally {
    interrupt.removeEventListener('abort', stop);
  }
}

function countFinished(results: ResultTable): number {
  let count = 0;
  for (let trial = 0; trial < results.trials; trial += 1) if (results.isFinished(trial)) count += 1;
  return count;
}

/**
 * `traces.csv`: the chosen trials once more, now with every step recorded, so many at a time as memory holds.
 * Training a trial again changes nothing in it.
 */
async function* tracedLines(
  source: TrialSource,
  experiment: Experiment,
  choice: TraceChoice,
  train: (listener: SweepListener, options: SweepOptions) => Promise<void>,
  progress: ProgressLine,
): AsyncIterable<string> {
  yield TRACE_HEADER;
  const chosen = chosenTrials(source, choice);
  const together = Math.max(1, Math.floor(TRACED_STEPS / experiment.optimizer.steps));
  for (let first = 0; first < chosen.length; first += together) {
    const trials = new Set(chosen.slice(first, first + together));
    const traces = new Map<number, RecordedTrace>();
    await train(
      {
        results: () => undefined, // known already
        trace: (trial, { loss, gradientNorm, weightNorm }) =>
          traces.set(trial, { loss, gradientNorm, weightNorm }),
        progress: (now) => progress.show('tracing', now),
      },
      { tracing: true, wants: (trial) => trials.has(trial) },
    );
    for (const trial of trials) yield traceLines(source, trial, traces.get(trial)!);
  }
}

function chosenTrials({ grid }: TrialSource, choice: TraceChoice): number[] {
  const { trials, cells, nx } = grid;
  if (choice === 'all') return Array.from({ length: trials }, (_, trial) => trial);
  const cell = choice.iy * nx + choice.ix;
  return Array.from({ length: trials / cells }, (_, map) => map * cells + cell);
}
