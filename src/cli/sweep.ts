import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gridOf } from '../experiment/axes';
import { encodePng } from '../experiment/png';
import type { Experiment } from '../experiment/types';
import { serializeExperiment } from '../experiment/url';
import { warningsOf } from '../experiment/warnings';
import { encodedColumns } from '../scheduler/column_codec';
import { checkTrials } from '../scheduler/feasible';
import { Manners, mannerOf } from '../scheduler/manners';
import { shareOf, type Share } from '../scheduler/part';
import { ResultTable } from '../scheduler/results';
import type { Sweep } from '../scheduler/sweep';
import { allBut } from '../scheduler/trials';
import { digestOf } from '../service/result_address';
import { SharedEngine } from '../service/shared_engine';
import { ONE_BY_ONE, SweepRuns } from '../service/sweep_runs';
import { mannerFor } from '../training/manner';
import { Ladder } from '../training/ladder';
import { drawMap } from '../view/map_file';
import { heldIn } from '../view/outcomes';
import { trialLines } from '../view/trials_csv';
import { BY_SIZE, checkTrace, parseSweepArguments, type SweepArguments, type TraceChoice } from './args';
import { Checkpoint } from './checkpoint';
import {
  CallError,
  clipped,
  Interrupted,
  quoted,
  oneLine,
  unlessInterrupted,
  type CommandIo,
} from './command';
import { readExperiment } from './document';
import { endingOf } from './endings';
import { EXIT } from './exit.mjs';
import { CHECKPOINT, checkFolder, DOCUMENT, makeFolder, PART_RESULTS, RESULTS } from './folder';
import { differences, storedResult, THIS_VERSION, type Identity } from './identity';
import { availableMemory } from './host_memory';
import { FolderLock } from './lock';
import { ResultFiles } from './output';
import { checkPart } from './part_choice';
import { describePart, partDifferences, partFolder, readDescription, verifyPart } from './part_folder';
import { ProgressLine, withKept } from './progress_line';
import { chosenTrials, TRACE_HEADER, traceLines, traceName, type RecordedTrace } from './traces';

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
    const grid = gridOf(experiment);
    const { part, out } = call;
    checkTrace(call.trace, grid);
    checkPart(part, grid.trials);
    checkTrials(grid, availableMemory(), part?.rowsOf(grid.trials));
    if (part) checkFolder(out, []);
    const folder = part ? partFolder(out, part) : out;
    checkFolder(folder, part ? [DOCUMENT, ...PART_RESULTS] : RESULTS);
    const fault = (words: string) => this.fault(words);
    const ladder = new Ladder(call.engine, () => this.io.gpu(), true, { fault });
    const engine = new SharedEngine(ladder.open, fault);
    try {
      const runs = new SweepRuns(experiment, engine, call.memory, ONE_BY_ONE, fault);
      const shape = await shapeAsked(call, runs);
      const adapter = await runs.check({ tracing: call.trace !== undefined });
      makeFolder(folder);
      // Of two tasks for a part the second has nothing to mend: it waits for what becomes of the first.
      const lock = await (part ? FolderLock.wait(folder, this.io) : FolderLock.take(folder));
      try {
        const asked = { ...identityOf(experiment, call, adapter), shape };
        // Who wants to stop is not kept waiting by measurements.
        const isOpen = call.shape === undefined && !part && !this.io.interrupt.aborted;
        const identity = isOpen ? await inFastestShape(asked, folder, runs) : asked;
        const work = { ...call, folder, identity, runs, lock, share: shareOf(runs.source, part) };
        await (part ? this.makePart(work) : this.makeWhole(work));
      } finally {
        this.progress.clear();
        lock.release();
      }
    } finally {
      await engine.close();
    }
  }

  private async makeWhole(work: Work): Promise<void> {
    const { folder, identity, runs, lock, trace } = work;
    const { results, checkpoint } = await this.train(work);
    const outcomes = heldIn(results, runs.source);
    const files = new ResultFiles(folder, RESULTS);
    try {
      await files.write('trials.csv', trialLines(outcomes));
      if (trace) await files.write('traces.csv', this.tracedLines(work, trace));
      const stored = storedResult(runs.experiment, identity, checkpoint.faults);
      await files.write('map.png', encodePng(drawMap(outcomes), JSON.stringify(stored)));
      await files.write('experiment.json', [serializeExperiment(stored)]);
      lock.check();
      files.publish();
    } finally {
      files.discard();
    }
    checkpoint.remove();
  }

  private async makePart(work: Work): Promise<void> {
    const { folder, identity, runs, lock, trace, share } = work;
    const asked = { ...identity, trace: trace ? traceName(trace) : null };
    const found = readDescription(folder);
    if (found) {
      const others = partDifferences(found, asked);
      if (others)
        throw new CallError('--out', `${clipped(folder)}, of a sweep with another ${others}`, PART_REMEDY);
      verifyPart(folder, found);
      rmSync(join(folder, CHECKPOINT), { force: true }); // the task may have been ended before it came to that
      this.io.stderr.write(oneLine(`part ${identity.part} is whole: nothing is left to train`));
      return;
    }
    const checkpoint = openCheckpoint(work);
    const document = new ResultFiles(folder, [DOCUMENT]);
    try {
      await document.write(DOCUMENT, [serializeExperiment(runs.experiment)]);
      document.publish();
    } finally {
      document.discard();
    }
    const { results } = await this.train(work, checkpoint);
    const files = new ResultFiles(folder, PART_RESULTS);
    try {
      const trial = Uint32Array.from({ length: share.rows }, (_, row) => row);
      await files.write('outcomes.bin', encodedColumns({ trial, ...results }));
      if (trace) await files.write('traces.csv', this.tracedLines(work, trace));
      const description = {
        ...asked,
        faults: checkpoint.faults,
        files: { ...document.digests, ...files.digests },
      };
      await files.write('part.json', [describePart(description)]);
      lock.check();
      files.publish();
    } finally {
      files.discard();
    }
    checkpoint.remove();
  }

  /** Trains what no earlier call has. */
  private async train(
    { runs, share, lock, ...work }: Work,
    checkpoint = openCheckpoint({ share, ...work }),
  ): Promise<{ results: ResultTable; checkpoint: Checkpoint }> {
    const results = new ResultTable(share.rows);
    results.enter(checkpoint.kept);
    this.known = { results, checkpoint };
    const kept = checkpoint.kept.trial.map((row) => share.trialAt(row));

    for (const words of warningsOf(runs.experiment)) this.io.stderr.write(oneLine(words));
    const sweep = runs.train(allBut(share.trials, kept, share.rowOf), {
      results: (batch) => {
        lock.check();
        const outcomes = { ...batch, trial: batch.trial.map((trial) => share.rowOf(trial)) };
        checkpoint.add(outcomes);
        results.enter(outcomes);
      },
      progress: (now) => this.progress.show('training', withKept(now, kept.length)),
    });
    await this.end(sweep);
    return { results, checkpoint };
  }

  /**
   * `traces.csv`: the chosen trials once more, now with every step recorded, so many at a time as the host's memory holds.
   */
  private async *tracedLines({ runs, part }: Work, choice: TraceChoice): AsyncIterable<string> {
    const { grid } = runs.source;
    yield TRACE_HEADER;
    const together = Math.max(1, Math.floor(TRACED_STEPS / runs.experiment.optimizer.steps));
    for (const trials of inGroups(chosenTrials(grid, choice, part), together)) {
      const traces = new Map<number, RecordedTrace>();
      const sweep = runs.trace(trials, {
        trace: (trial, { loss, gradientNorm, weightNorm }) =>
          traces.set(trial, { loss, gradientNorm, weightNorm }),
        progress: (now) => this.progress.show('tracing', now),
      });
      await this.end(sweep);
      for (const trial of trials) yield traceLines(grid, trial, traces.get(trial)!);
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

const PART_REMEDY = 'the same call as before, or another folder (delete that one to train the part anew)';

/** What one call has to do, and with what. */
interface Work extends SweepArguments {
  /** For its files. */
  readonly folder: string;
  readonly identity: Identity;
  readonly runs: SweepRuns;
  readonly lock: FolderLock;
  readonly share: Share;
}

/**
 * Trains in the shape that a call names, or by size.
 * @returns the shapes, as results name them
 * @throws CallError where the engine has no such shape for any network of the sweep
 */
async function shapeAsked({ engine, shape }: SweepArguments, runs: SweepRuns): Promise<string> {
  const bySize = mannerFor(runs.source.grid.trials);
  const found = await runs.trainIn(shape === undefined || shape === BY_SIZE ? bySize : shape);
  if (shape !== undefined && shape !== BY_SIZE && found !== shape)
    throw new CallError('--shape', quoted(shape), `what the ${engine} engine has for these networks here`);
  return found;
}

/** Trains in the shape in which what is kept in the folder was trained, or else in the fastest; and what results are then of. */
async function inFastestShape(asked: Identity, folder: string, runs: SweepRuns): Promise<Identity> {
  const kept = Checkpoint.identityIn(join(folder, CHECKPOINT));
  const isSame = kept && !differences({ ...kept, shape: asked.shape }, asked);
  const manner = isSame ? mannerOf(kept.shape, runs.source.grid.trials) : await runs.fastest(new Manners());
  return { ...asked, shape: await runs.trainIn(manner) };
}

function identityOf(
  experiment: Experiment,
  { engine, part }: SweepArguments,
  adapter: string,
): Omit<Identity, 'shape'> {
  return {
    ...THIS_VERSION,
    experiment: digestOf(experiment),
    engine,
    adapter,
    part: part?.name ?? '',
  };
}

function openCheckpoint({ folder, identity, share }: Pick<Work, 'folder' | 'identity' | 'share'>) {
  return Checkpoint.open(join(folder, CHECKPOINT), identity, share.rows);
}

/** Items in their order, so many at a time. */
function* inGroups<Item>(items: Iterable<Item>, size: number): Iterable<Item[]> {
  let group: Item[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function countFinished(results: ResultTable): number {
  let count = 0;
  for (let trial = 0; trial < results.trials; trial += 1) if (results.isFinished(trial)) count += 1;
  return count;
}
