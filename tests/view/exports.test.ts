import { strFromU8, unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { axisValues } from '../../src/experiment/axes';
import { parseExperiment, parseExperimentBytes } from '../../src/experiment/parse';
import { storedExperiment } from '../../src/experiment/stored';
import { serializeExperiment } from '../../src/experiment/url';
import { CLASS_NUMBER, type ResultTable } from '../../src/scheduler/results';
import { TrialSource } from '../../src/scheduler/trial_source';
import { ReferenceEngine } from '../../src/training/reference_engine';
import { COLUMN_NAMES, columnOf } from '../../src/training/outcome_columns';
import { arraysZip } from '../../src/view/arrays_zip';
import { encodeNpy } from '../../src/view/npy';
import { heldIn } from '../../src/view/outcomes';
import { trialLines } from '../../src/view/trials_csv';
import { minimalDocument } from '../experiment/documents';
import { runSweep } from '../sweeps';
import { readNpy, type ReadArray } from './read_npy';

const experiment = parseExperiment({
  ...minimalDocument(),
  optimizer: { learningRate: 0.1, steps: 6 },
  replicates: 2,
  axes: {
    x: { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-3, to: 1e9, count: 3 },
    y: { parameter: 'model.initialization.gain', scale: 'linear', from: 0.5, to: 2, count: 2 },
  },
});
const source = new TrialSource(experiment);
const document = serializeExperiment(
  storedExperiment(experiment, { version: '1', engine: 'reference', adapter: 'CPU', faults: [] }),
);

let results: ResultTable;
beforeAll(async () => {
  ({ results } = await runSweep(experiment, async () => new ReferenceEngine()));
});

/** With the second trial still in training, and the fifth waiting. */
function unfinished(): ResultTable {
  const table = results.copy();
  table.class[1] = CLASS_NUMBER.training;
  table.class[4] = CLASS_NUMBER.waiting;
  return table;
}

function unzipped(table: ResultTable, trials = source): Record<string, Uint8Array> {
  return unzipSync(Buffer.concat([...arraysZip(trials, table, document)]));
}

const words = (numbers: Iterable<number>) => Array.from(numbers, String);

describe('arrays', () => {
  test('are all of the sweep’s columns, with their shape and type, and its axes', () => {
    const { 'experiment.json': json, 'arrays.json': about, ...files } = unzipped(results);
    expect(parseExperimentBytes(json!)).toEqual(experiment);
    const { dimensions, axes, columns } = JSON.parse(strFromU8(about!));
    expect(dimensions).toEqual(['arm', 'replicate', 'iy', 'ix']);
    expect(axes).toEqual({ ix: 'x.npy', iy: 'y.npy' });
    expect(Object.keys(files)).toEqual([
      'x.npy',
      'y.npy',
      ...Object.keys(columns).map((name) => `${name}.npy`),
    ]);
    const read = (name: string): ReadArray => readNpy(files[`${name}.npy`]!);
    expect(read('x')).toEqual({ descr: '<f8', shape: [3], values: [...axisValues(experiment.axes.x)] });
    expect(read('y')).toEqual({ descr: '<f8', shape: [2], values: [...axisValues(experiment.axes.y!)] });
    expect(Object.keys(columns)).toEqual(
      ['class', 'score', 'loss_initial', 'loss_final', 'loss_min', 'diverged_at', 'state']
        .concat('loss_max', 'saturation', 'descent'), // prettier-ignore
    );
    const types = { u8: '|u1', i32: '<i4', f32: '<f4', f64: '<f8' };
    for (const [at, name] of Object.keys(columns).entries()) {
      const column = COLUMN_NAMES[at]!;
      const { descr, shape, values } = read(name);
      expect([descr, columns[name].dtype]).toEqual([types[columnOf(column).type], descr]);
      expect(shape).toEqual([2, 2, 2, 3]);
      expect(words(values)).toEqual(words(results[column]));
      expect(columns[name].names).toEqual(columnOf(column).names);
    }
    expect(new Set(results.class).size, 'classes').toBeGreaterThan(1);
  });

  test('have in the place of what has not finished what their JSON says', () => {
    const files = unzipped(unfinished());
    const { columns } = JSON.parse(strFromU8(files['arrays.json']!));
    expect(columns.class.names[columns.class.unfinished]).toBe('training');
    for (const [name, { unfinished: mark }] of Object.entries<Record<string, unknown>>(columns)) {
      const { values } = readNpy(files[`${name}.npy`]!);
      expect([values[1], values[4]].map(String)).toEqual([String(mark), String(mark)]);
      // No other trial is taken for one that has not finished.
      const marked = values.filter((value) => value === mark).length;
      expect(marked).toBe(typeof mark === 'number' ? 2 : 0);
    }
  });

  test('of one axis have one row, and the same results are the same file', () => {
    const { y: _, ...axes } = experiment.axes;
    const line = new TrialSource(
      parseExperiment({ ...experiment, axes: { ...axes, x: { ...axes.x, count: 6 } } }),
    );
    const files = unzipped(results, line);
    expect(readNpy(files['score.npy']!).shape).toEqual([2, 2, 1, 6]);
    expect(files['y.npy']).toBeUndefined();
    const zip = () => Buffer.concat([...arraysZip(source, results, document)]);
    expect(zip().equals(zip())).toBe(true);
  });

  test('of any size begin at a multiple of 64 bytes', () => {
    for (const length of [0, 1, 10, 1000])
      for (const values of [new Uint8Array(length).fill(7), new Float64Array(length).fill(Number.NaN)]) {
        const read = readNpy(encodeNpy(values.subarray(0), [length]));
        expect(read).toMatchObject({ shape: [length], values: [...values] });
      }
  });
});

describe('the table of trials', () => {
  const lines = (table: ResultTable) => [...trialLines(heldIn(table, source))].join('').split('\n');

  test('leaves out what has not finished, and has the other lines as they are', () => {
    const all = lines(results);
    expect(all).toHaveLength(2 + source.grid.trials);
    expect(all[2]).toMatch(/^0,0,1,0,999\.9+,0\.5,diverged,/);
    expect(lines(unfinished())).toEqual(all.filter((_, at) => at !== 2 && at !== 5));
  });

  test('has the numbers of the arrays', () => {
    const [header = '', ...rows] = lines(results);
    const files = unzipped(results);
    const names = header.split(',');
    for (const [column, name] of names.entries()) {
      const file = files[`${name}.npy`];
      if (!file || column < 6) continue;
      const index = COLUMN_NAMES.find((key) => columnOf(key).csv === name || columnOf(key).measure === name)!;
      const { values } = readNpy(file);
      const told = values.map((value) => columnOf(index).names?.[value] ?? String(value));
      expect(rows.slice(0, -1).map((row) => row.split(',')[column])).toEqual(told);
    }
  });
});
