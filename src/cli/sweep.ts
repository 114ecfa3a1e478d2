import { createHash } from 'node:crypto';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { gridOf } from '../experiment/axes';
import type { Experiment } from '../experiment/types';
import { warningsOf } from '../experiment/warnings';
import { checkNetworks, checkTrials } from '../scheduler/feasible';
import { ResultTable } from '../scheduler/results';
import { Sweep, type SweepListener, type SweepOptions } from '../scheduler/sweep';
import { stepsOf, TrialSource } from '../scheduler/trial_source';
import { allBut, named, type Trials } from '../scheduler/trials';
import { Ladder } from '../training/ladder';
import { checkTrace, parseSweepArguments, type SweepArguments, type TraceChoice } from './args';
import { Checkpoint } from './checkpoint';
import { Interrupted, oneLine, unlessInterrupted, type CommandIo } from './command';
import { readExperiment } from './document';
import { endingOf } from './endings';
import { EXIT } from './exit.mjs';
import { CHECKPOINT, checkFolder, makeFolder } from './folder';
import { FolderLock } from './lock';
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
  const run = new SweepRun(io);
  try {
    await unlessInterrupted(io.interrupt, run.through(args));
    return EXIT.done;
  } catch (error) {
    return run.endedBy(error);
  }
}

/** What helps where nothing else does. */
const REMEDIES: Readonly<Record<number, string>> = {
  [EXIT.noAdapter]: '--engine reference works without a graphics adapter',
  [EXIT.deviceLost]: '--engine reference, with another --out, works without a graphics device',
};

/** One call of `sweep`. */
class SweepRun {
  private readonly progress: ProgressLine;
  /** What is known of the outcomes, and where it is kept. */
  private known: { readonly results: ResultTable; readonly checkpoint: Checkpoint } | undefined;

  constructor(private readonly io: CommandIo) {
    this.progress = new ProgressLine(io.stderr);
  }

  /**
   * Says why it ends before the results are there, and what it leaves to the next call.
   * @returns the exit status
   */
  endedBy(error: unknown): number {
    const ending = endingOf(error, { begun: this.known !== undefined });
    if (!ending) throw error;
    this.progress.clear();
    const why = [ending.words, this.kept()].filter(Boolean).join(': ');
    this.io.stderr.write(oneLine([why, REMEDIES[ending.status]].filter(Boolean).join('; ')));
    return ending.status;
  }

  private kept(): string | undefined {
    if (!this.known) return undefined;
    const { results, checkpoint } = this.known;
    const outcomes = `${countFinished(results)} of ${results.trials} trials`;
    return `${outcomes} kept in ${checkpoint.file}; the same call goes on from there`;
  }

  async through(args: readonly string[]): Promise<void> {
    const call = parseSweepArguments(args);
    const experiment = await readExperiment(call.document);
    checkTrace(call.trace, gridOf(experiment));
    checkTrials(gridOf(experiment), availableMemory());
    checkFolder(call.out);
    const { open: makeEngine } = new Ladder(call.engine, () => this.io.gpu(), true, {
      fault: (words) => this.fault(words),
    });
    const adapter = await this.checked(makeEngine, experiment, call);
    makeFolder(call.out);
    const lock = await FolderLock.take(call.out);
    try {
      await this.trainInto(call, experiment, makeEngine, adapter);
    } finally {
      this.progress.clear();
      lock.release();
    }
  }

  private async trainInto(
    call: SweepArguments,
    experiment: Experiment,
    makeEngine: Ladder['open'],
    adapter: string,
  ): Promise<void> {
    const { out, engine, memory } = call;
    const grid = gridOf(experiment);
    const identity = {
      experiment: createHash('sha256').update(JSON.stringify(experiment)).digest('hex'),
      engine,
      adapter,
      version,
    };
    const checkpoint = Checkpoint.open(join(out, CHECKPOINT), identity, grid.trials);
    const results = new ResultTable(grid.trials);
    results.enter(checkpoint.kept);
    this.known = { results, checkpoint };
    const kept = checkpoint.kept.trial.length;

    const fault = (words: string) => this.fault(words);
    const source = new TrialSource(experiment);
    const train = (trials: Trials, listener: SweepListener, options: SweepOptions = {}) =>
      interruptible(
        new Sweep(trials, makeEngine, { ...listener, fault }, { ...options, memory }),
        this.io.interrupt,
      );
    for (const words of warningsOf(experiment)) this.io.stderr.write(oneLine(words));
    await train(allBut(source, checkpoint.kept.trial), {
      results(outcomes) {
        checkpoint.add(outcomes);
        results.enter(outcomes);
      },
      progress: (now) => this.progress.show('training', withKept(now, kept)),
    });
    const files = new ResultFiles(out);
    try {
      await files.write('trials.csv', trialLines(source, results));
      if (call.trace)
        await files.write('traces.csv', tracedLines(source, experiment, call.trace, train, this.progress));
      await files.write('map.png', [
        encodePng(drawMap({ table: results, grid, stepsOf: stepsOf(experiment) })),
      ]);
      const { faults } = checkpoint;
      const result = { version, engine, adapter, ...(faults.length > 0 && { faults }) };
      const document = { ...experiment, result };
      await files.write('experiment.json', [`${JSON.stringify(document, null, 2)}\n`]);
      files.publish();
    } finally {
      files.discard();
    }
    checkpoint.remove();
  }

  /**
   * Opens an engine only to know that there is one, that it can train this, and on what it runs.
   * @returns its adapter
   * @throws InfeasibleError, GpuUnavailableError
   */
  private async checked(
    makeEngine: Ladder['open'],
    experiment: Experiment,
    { memory, trace }: SweepArguments,
  ): Promise<string> {
    const engine = await makeEngine();
    try {
      checkNetworks(engine, experiment, memory);
      if (trace) checkNetworks(engine, experiment, memory, { tracing: true });
      return engine.adapter;
    } finally {
      engine.close();
    }
  }

  /** A fault comes while trials are trained, so that there is a checkpoint. */
  private fault(words: string): void {
    this.progress.clear();
    this.io.stderr.write(oneLine(words));
    this.known?.checkpoint.addFault(words);
  }
}

/** Bytes that this process may still take. */
function availableMemory(): number {
  return 'availableMemory' in process ? process.availableMemory() : freemem(); // not in Deno
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
  train: (trials: Trials, listener: SweepListener, options: SweepOptions) => Promise<void>,
  progress: ProgressLine,
): AsyncIterable<string> {
  yield TRACE_HEADER;
  const chosen = chosenTrials(source, choice);
  const together = Math.max(1, Math.floor(TRACED_STEPS / experiment.optimizer.steps));
  for (let first = 0; first < chosen.length; first += together) {
    const trials = chosen.slice(first, first + together);
    const traces = new Map<number, RecordedTrace>();
    await train(
      named(source, trials),
      {
        results: () => undefined, // known already
        trace: (trial, { loss, gradientNorm, weightNorm }) =>
          traces.set(trial, { loss, gradientNorm, weightNorm }),
        progress: (now) => progress.show('tracing', now),
      },
      { tracing: true },
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
