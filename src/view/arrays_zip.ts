import { strToU8, Zip, ZipPassThrough } from 'fflate';
import type { ResultTable } from '../scheduler/results';
import type { TrialSource } from '../scheduler/trial_source';
import { columnOf, columnsFor, type ColumnName, type OutcomeColumn } from '../training/outcome_columns';
import { encodeNpy, npyType, type NpyArray } from './npy';

/** What stands for a trial that has not finished, where a column has no word for it. */
const UNFINISHED: Readonly<Record<OutcomeColumn['type'], number>> = {
  u8: 255,
  i32: -(2 ** 31),
  f32: Number.NaN,
  f64: Number.NaN,
};

/** ZIP's earliest time: what the same results make is the same file. */
const TIME = new Date(1980, 0, 1);

/**
 * A sweep's outcomes for NumPy, in pieces of a ZIP archive: a `.npy` for each column (arms × replicates × ny × nx) and each axis,
 * `experiment.json`, and `arrays.json`, which says what they hold. Nothing is compressed, as `numpy.savez` does it.
 * @param document JSON of the experiment
 */
export function* arraysZip(
  { experiment, grid, x, y }: TrialSource,
  results: ResultTable,
  document: string,
): Iterable<Uint8Array> {
  const columns = columnsFor(experiment.measures);
  let pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  for (const [name, bytes] of files()) {
    const file = new ZipPassThrough(name);
    file.mtime = TIME;
    zip.add(file);
    file.push(bytes, true);
    yield* pieces;
    pieces = [];
  }
  zip.end();
  yield* pieces;

  function* files(): Iterable<[name: string, bytes: Uint8Array]> {
    yield ['experiment.json', strToU8(document)];
    yield [
      'arrays.json',
      strToU8(`${JSON.stringify(described(results, columns, y !== undefined), null, 2)}\n`),
    ];
    yield ['x.npy', encodeNpy(x, [grid.nx])];
    if (y) yield ['y.npy', encodeNpy(y, [grid.ny])];
    const shape = [grid.arms, grid.replicates, grid.ny, grid.nx];
    for (const name of columns) yield [`${fileOf(name)}.npy`, encodeNpy(finishedOnly(results, name), shape)];
  }
}

/** A column's values where the trial has finished. */
function finishedOnly(results: ResultTable, name: ColumnName): NpyArray {
  const values = results[name].slice();
  const unfinished = unfinishedOf(name);
  for (let trial = 0; trial < results.trials; trial += 1)
    if (!results.isFinished(trial)) values[trial] = unfinished;
  return values;
}

function unfinishedOf(name: ColumnName): number {
  const { type, names } = columnOf(name);
  const own = names?.indexOf('training') ?? -1;
  return own < 0 ? UNFINISHED[type] : own;
}

/** What `arrays.json` says. */
function described(results: ResultTable, names: readonly ColumnName[], hasY: boolean) {
  const columns = names.map((name) => {
    const { names: values } = columnOf(name);
    const unfinished = unfinishedOf(name);
    return [
      fileOf(name),
      {
        dtype: npyType(results[name]),
        ...(values && { names: values }),
        unfinished: Number.isNaN(unfinished) ? 'NaN' : unfinished,
      },
    ] as const;
  });
  return {
    dimensions: ['arm', 'replicate', 'iy', 'ix'],
    axes: { ix: 'x.npy', ...(hasY && { iy: 'y.npy' }) },
    columns: Object.fromEntries(columns),
  };
}

/** `lossInitial` as `loss_initial`, as in `trials.csv`. */
function fileOf(name: ColumnName): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
