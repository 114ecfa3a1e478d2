import { freemem } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { gridOf, type Grid } from '../experiment/axes';
import { encodePng } from '../experiment/png';
import { storedExperiment } from '../experiment/stored';
import { serializeExperiment } from '../experiment/url';
import { warningsOf } from '../experiment/warnings';
import { checkTrials } from '../scheduler/feasible';
import { ResultTable } from '../scheduler/results';
import type { Sweep } from '../scheduler/sweep';
import { stepsOf } from '../scheduler/trial_source';
import { allBut } from '../scheduler/trials';
import { digestOf } from '../service/result_address';
import { SharedEngine } from '../service/shared_engine';
import { ONE_BY_ONE, SweepRuns } from '../service/sweep_runs';
import { Ladder } from '../training/ladder';
import { NUMERICS } from '../training/numerics';
import { drawMap } from '../view/map_file';
import { trialLines } from '../view/trials_csv';
import { checkTrace, parseSweepArguments, type SweepArguments, type TraceChoice } from './args';
import { Checkpoint } from './checkpoint';
import { Interrupted, oneLine, unlessInterrupted, type CommandIo } from './command';
import { readExperiment } from './document';
import { endingOf } from './endings';
import { EXIT } from './exit.mjs';
import { CHECKPOINT, checkFolder, makeFolder } from './folder';
import { FolderLock } from './lock';
import { ResultFiles, TRACE_HEADER, traceLines, type RecordedTrace } from './output';
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
    const fault = (words: string) => this.fault(words);
    const ladder = new Ladder(call.engine, () => this.io.gpu(), true, { fault });
    const engine = new SharedEngine(ladder.open, fault);
    try {
      const runs = new SweepRuns(experiment, engine, call.memory, ONE_BY_ONE, fault);
      const adapter = await runs.check({ tracing: call.trace !== undefined });
      makeFolder(call.out);
      const lock = await FolderLock.take(call.out);
      try {
        await this.trainInto(call, runs, adapter);
      } finally {
        this.progress.clear();
        lock.release();
      }
    } finally {
      await engine.close();
    }
  }

  private async trainInto(
    { out, engine, trace }: SweepArguments,
    runs: SweepRuns,
    adapter: string,
  ): Promise<void> {
    const { experiment, source } = runs;
    const { grid } = source;
    const identity = { experiment: digestOf(experiment), engine, adapter, version, numerics: NUMERICS };
    const checkpoint = Checkpoint.open(join(out, CHECKPOINT), identity, grid.trials);
    const results = new ResultTable(grid.trials);
    results.enter(checkpoint.kept);
    this.known = { results, checkpoint };
    const { trial: kept } = checkpoint.kept;

    for (const words of warningsOf(experiment)) this.io.stderr.write(oneLine(words));
    const sweep = runs.train(allBut(source, kept), {
      results(outcomes) {
        checkpoint.add(outcomes);
        results.enter(outcomes);
      },
      progress: (now) => this.progress.show('training', withKept(now, kept.length)),
    });
    await this.end(sweep);
    const files = new ResultFiles(out);
    try {
      await files.write('trials.csv', trialLines(source, results));
      if (trace) await files.write('traces.csv', this.tracedLines(runs, trace));
      const { faults } = checkpoint;
      const stored = storedExperiment(experiment, { version, engine, adapter, faults });
      const map = drawMap({ table: results, grid, stepsOf: stepsOf(experiment) });
      await files.write('map.png', [encodePng(map, JSON.stringify(stored))]);
      await files.write('experiment.json', [serializeExperiment(stored)]);
      files.publish();
    } finally {
      files.discard();
    }
    checkpoint.remove();
  }

  /**
   * `traces.csv`: the chosen trials once more, now with every step recorded, so many at a time as the host's memory holds.
   */
  private async *tracedLines(runs: SweepRuns, choice: TraceChoice): AsyncIterable<string> {
    const { source, experiment } = runs;
    yield TRACE_HEADER;
    const chosen = chosenTrials(source.grid, choice);
    const together = Math.max(1, Math.floor(TRACED_STEPS / experiment.optimizer.steps));
    for (let first = 0; first < chosen.length; first += together) {
      const trials = chosen.slice(first, first + together);
      const traces = new Map<number, RecordedTrace>();
      const sweep = runs.trace(trials, {
        trace: (trial, { loss, gradientNorm, weightNorm }) =>
          traces.set(trial, { loss, gradientNorm, weightNorm }),
        progress: (now) => this.progress.show('tracing', now),
      });
      await this.end(sweep);
      for (const trial of trials) yield traceLines(source, trial, traces.get(trial)!);
    }
  }

  /**
   * Runs a sweep to its end.
   * @throws Interrupted when the user stops it
   */
  private async end(sweep: Sweep): Promise<void> {
    const { interrupt } = this.io;
    const stop = () => sweep.stop();
    interrupt.addEventListener('abort', stop);
    if (interrupt.aborted) stop();
    try {
      if ((await sweep.run()) === 'stopped') throw new Interrupted();
    } finally {
      interrupt.removeEventListener('abort', stop);
    }
  }

  /** Most faults come while trials are trained; then the checkpoint keeps them for the result. */
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

function countFinished(results: ResultTable): number {
  let count = 0;
  for (let trial = 0; trial < results.trials; trial += 1) if (results.isFinished(trial)) count += 1;
  return count;
}

function chosenTrials({ trials, cells, nx }: Grid, choice: TraceChoice): number[] {
  if (choice === 'all') return Array.from({ length: trials }, (_, trial) => trial);
  const cell = choice.iy * nx + choice.ix;
  return Array.from({ length: trials / cells }, (_, map) => map * cells + cell);
}
