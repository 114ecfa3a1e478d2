import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '../experiment/png';
import { serializeExperiment } from '../experiment/url';
import { DamageError } from '../scheduler/column_codec';
import { checkTrials } from '../scheduler/feasible';
import { ResultTable } from '../scheduler/results';
import { TrialSource } from '../scheduler/trial_source';
import { drawMap } from '../view/map_file';
import { trialLines } from '../view/trials_csv';
import { traceOf } from './args';
import { CallError, clipped, oneLine, quoted, unlessInterrupted, type CommandIo } from './command';
import { endingOf } from './endings';
import { EXIT } from './exit.mjs';
import { checkFolder, makeFolder, RESULTS } from './folder';
import { availableMemory } from './host_memory';
import { storedResult } from './identity';
import { FolderLock } from './lock';
import { COMMON_FLAGS, COMMON_STATUSES, readOptions, type Usage } from './options';
import { ResultFiles } from './output';
import { PartedOutcomes, type PartOutcomes } from './parted_outcomes';
import { partedTraces } from './parted_traces';
import { findParts, type FoundPart, type FoundParts } from './parts';

export const MERGE_USAGE: Usage<never> = {
  call: 'merge DIR [--partial]',
  purpose: 'Joins the parts that sweep --part has trained in a folder into the files of an undivided sweep.',
  allowed: {},
  defaults: {},
  flags: { partial: 'while parts are missing, draws map.png of what there is', ...COMMON_FLAGS },
  statuses: {
    ...COMMON_STATUSES,
    [EXIT.wrong]: 'a wrong call, or parts that are missing, damaged or not of one sweep; nothing is written',
  },
};

/** Lines about parts that are missing, at the most. */
const MOST_LINES = 40;

/**
 * `merge`: joins the parts of a sweep, some trials at a time, however many there are.
 * @returns the exit status
 */
export async function mergeCommand(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const { flags, positionals } = readOptions(args, MERGE_USAGE);
    const [folder] = positionals;
    if (!folder || positionals.length > 1) {
      const found = folder ? positionals.map(quoted).join(' ') : 'nothing';
      throw new CallError('DIR', found, 'the folder of one sweep in parts');
    }
    await unlessInterrupted(io.interrupt, mergeIn(folder, flags.has('partial'), io));
    return EXIT.done;
  } catch (error) {
    const ending = endingOf(asOfFolder(error));
    if (!ending) throw error;
    io.stderr.write(oneLine(ending.words));
    return ending.status;
  }
}

/** What is wrong with the folder, which this command is called with by itself. */
function asOfFolder(error: unknown): unknown {
  if (error instanceof DamageError) return new CallError('DIR', error.message, 'parts as they were written');
  if (!(error instanceof CallError) || error.argument !== '--out') return error;
  return new CallError('DIR', error.found, error.allowed);
}

async function mergeIn(folder: string, partial: boolean, io: CommandIo): Promise<void> {
  const found = await findParts(folder);
  const missing = found.parts.filter(({ description }) => !description);
  if (missing.length > 0) {
    for (const line of missingLines(missing)) io.stderr.write(oneLine(line));
    if (!partial) throw refusal(folder, found, missing);
    if (existsSync(join(folder, 'experiment.json')))
      throw new CallError('DIR', `${clipped(folder)} with the result of a sweep`, 'none, for --partial');
  }
  checkFolder(folder);
  makeFolder(folder); // which is there, but perhaps not to be written
  const lock = await FolderLock.take(folder);
  try {
    await (missing.length > 0 ? writePartialMap(folder, found) : writeWhole(folder, found, lock));
  } finally {
    lock.release();
  }
}

async function writeWhole(
  folder: string,
  { experiment, common, parts }: FoundParts,
  lock: FolderLock,
): Promise<void> {
  const source = new TrialSource(experiment);
  const folders = parts.map((part) => part.folder);
  const outcomes = new PartedOutcomes(
    source,
    folders.map((own) => ({ folder: own })),
  );
  const trace = traceOf(common!.trace ?? undefined);
  const faults = parts.flatMap(({ description }) => description!.faults);
  const files = new ResultFiles(folder, RESULTS);
  try {
    await files.write('trials.csv', trialLines(outcomes));
    if (trace) await files.write('traces.csv', partedTraces(source.grid, trace, folders));
    const stored = storedResult(experiment, common!, faults);
    await files.write('map.png', encodePng(drawMap(outcomes), JSON.stringify(stored)));
    await files.write('experiment.json', [serializeExperiment(stored)]);
    lock.check();
    files.publish();
  } finally {
    files.discard();
  }
}

/** What is known already, for a look at it. */
async function writePartialMap(folder: string, { experiment, parts }: FoundParts): Promise<void> {
  const source = new TrialSource(experiment);
  const inMemory = parts.reduce((sum, { checkpoint, rows }) => sum + (checkpoint ? rows : 0), 0);
  checkTrials(source.grid, availableMemory(), inMemory);
  const outcomes = parts.map(({ folder: own, description, checkpoint, rows }): PartOutcomes => {
    if (description) return { folder: own };
    if (!checkpoint) return undefined;
    const table = new ResultTable(rows);
    table.enter(checkpoint.kept);
    return { table };
  });
  const files = new ResultFiles(folder, ['map.png']);
  try {
    await files.write(
      'map.png',
      encodePng(drawMap(new PartedOutcomes(source, outcomes)), JSON.stringify(experiment)),
    );
    files.publish();
  } finally {
    files.discard();
  }
}

function missingLines(missing: readonly FoundPart[]): string[] {
  const lines = missing.map(({ part, checkpoint, rows }) => {
    const state = checkpoint ? `${checkpoint.kept.trial.length} of ${rows} trials` : 'not begun';
    return `part ${part.name}: ${state}`;
  });
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} parts more`] : lines;
}

function refusal(folder: string, { parts }: FoundParts, missing: readonly FoundPart[]): CallError {
  const indices = missing.map(({ part }) => part.index).join(',');
  const whole = parts.length - missing.length;
  return new CallError(
    'DIR',
    `${clipped(folder)} with ${whole} of ${parts.length} parts whole, without ${clipped(indices, 40)}`,
    'all of them, or --partial',
  );
}
