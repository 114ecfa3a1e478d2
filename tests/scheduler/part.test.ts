import { describe, expect, test } from 'vitest';
import { cellOf, gridOf } from '../../src/experiment/axes';
import { parseExperiment } from '../../src/experiment/parse';
import { coarsestStride } from '../../src/scheduler/order';
import { Part, partOf, shareOf } from '../../src/scheduler/part';
import { TrialSource } from '../../src/scheduler/trial_source';
import { minimalDocument } from '../experiment/documents';
import { mulberry32 } from '../mulberry32';

const STEPS = 3;

function documentOf(nx: number, ny: number) {
  const along = (parameter: string, count: number) => ({
    parameter,
    scale: 'linear',
    from: 0.1,
    to: 1,
    count,
  });
  return {
    ...minimalDocument(),
    optimizer: { learningRate: 0.1, steps: STEPS },
    axes: { x: along('optimizer.learningRate', nx), y: along('model.initialization.gain', ny) },
  };
}

const partsOf = (of: number) => Array.from({ length: of }, (_, index) => new Part(index, of));

/** Shapes of documents at random, and how many parts. */
function* randomSweeps(count: number) {
  const random = mulberry32(15);
  const upTo = (most: number) => 1 + Math.floor(most * random());
  for (let at = 0; at < count; at += 1) {
    const document = {
      ...documentOf(upTo(24), upTo(16)),
      replicates: upTo(3),
      arms: Array.from({ length: upTo(3) }, (_, arm) => ({ name: `${arm}`, set: {} })),
    };
    const experiment = parseExperiment(document);
    yield { experiment, of: Math.min(upTo(10 ** upTo(3)), gridOf(experiment).trials) };
  }
}

test('parts of 200 sweeps have every trial once, coarse cells first, and differ by one trial at most', () => {
  for (const { experiment, of } of randomSweeps(200)) {
    const source = new TrialSource(experiment);
    const { trials } = source.grid;
    const seen = new Uint8Array(trials);
    const sizes = new Set<number>();
    let mistakes = 0;
    for (const part of partsOf(of)) {
      const share = shareOf(source, part);
      sizes.add(share.rows);
      expect(share.trials.total).toEqual({ trials: share.rows, steps: STEPS * share.rows });
      for (const [level, listed] of [...share.trials.levels()].entries())
        for (const trial of listed) {
          seen[trial]! += 1;
          const isOwn = partOf(trial, of) === part.index && share.trialAt(share.rowOf(trial)) === trial;
          if (!isOwn || levelOf(source, trial) !== level) mistakes += 1;
        }
    }
    expect(mistakes).toBe(0);
    expect(seen.every((times) => times === 1)).toBe(true);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});

/** How many times finer a trial's cells lie than the coarsest. */
function levelOf({ grid }: TrialSource, trial: number): number {
  const { ix, iy } = cellOf(grid, trial);
  const isOn = (stride: number) => ix % stride === 0 && iy % stride === 0;
  let [level, stride] = [0, coarsestStride(grid.nx, grid.ny)];
  for (; !isOn(stride); stride /= 2) level += 1;
  return level;
}

test('one part of one is the sweep, row by row', () => {
  const part = new Part(0, 1);
  expect(part.rowsOf(1000)).toBe(1000);
  for (let trial = 0; trial < 1000; trial += 1) expect(part.trialAt(trial)).toBe(trial);
});

describe('work is even, where a corner of the map is cheap,', () => {
  /** A tenth of the work above a slanted edge, as where trials diverge; the second arm's edge lies higher. */
  const workOf = (x: number, y: number, arm: number) => (x + 0.4 * y > 0.8 + 0.3 * arm ? 0.1 : 1);

  test.each([
    [24, 24, 8, 0.04],
    [64, 64, 8, 0.01],
    [64, 64, 64, 0.05],
    [144 * 8, 144, 8, 0.01], // rows begin after a Fibonacci number of blocks, whose turns are nearly the same
    [512, 512, 1000, 0.05],
    [1000, 1, 10, 0.02],
    [128, 128, 128, 0.05],
  ])('on a map of %i × %i in %i parts', (nx, ny, of, most) => {
    const source = new TrialSource(parseExperiment(documentOf(nx, ny)));
    const work = new Float64Array(of);
    for (let trial = 0; trial < source.grid.trials; trial += 1) {
      const { ix, iy, arm } = cellOf(source.grid, trial);
      work[partOf(trial, of)]! += workOf(ix / nx, iy / ny, arm);
    }
    const mean = work.reduce((sum, one) => sum + one) / of;
    expect(Math.max(...work) / mean - 1).toBeLessThan(most);
  });
});

test('a part is all over the map: in any square that would hold four of its cells it has one', () => {
  const [side, of] = [96, 9];
  const source = new TrialSource(parseExperiment(documentOf(side, side)));
  for (const part of partsOf(of)) {
    const squares = new Set<number>();
    for (let row = 0; row < part.rowsOf(source.grid.cells); row += 1) {
      const { ix, iy } = cellOf(source.grid, part.trialAt(row));
      squares.add(Math.floor(iy / 6) * (side / 6) + Math.floor(ix / 6));
    }
    expect(squares.size).toBe((side / 6) ** 2);
  }
});
