import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import type { TrialClass } from '../../src/training/outcome';
import { withSide } from '../../src/ui/grid_choice';
import { baseCell, headline, type Cell } from '../../src/ui/headline';

const experiment = withSide(presetExperiment('init-gain'), 6); // rates 1e-4 … 10, one a decade

/** Classes of row 0, one letter a cell; other rows are unknown. */
function row(...arms: [string, string]) {
  const names: Record<string, TrialClass> = { c: 'converged', s: 'stalled', d: 'diverged' };
  return (arm: number, { ix, iy }: Cell) => (iy === 0 ? names[arms[arm]![ix]!] : undefined);
}
const first: Cell = { ix: 3, iy: 0 };

describe('the largest rate that trains', () => {
  test('is the last converged one of the row, whatever lies between', () => {
    const line = headline(experiment, first, row('sccddd', 'sccdcd'))!;
    expect(line.arms[0]!.rate).toBeCloseTo(0.01);
    expect(line.arms[1]!.rate).toBeCloseTo(1);
    expect(line.ratio).toEqual({ value: expect.closeTo(100), bound: '' });
    expect(line.complete).toBe(true);
    expect(line.at).toEqual({ parameter: 'model.initialization.gain', value: 0.5 });
  });

  test.each([
    ['sccddd', 'sccccc', '≥'],
    ['sccccc', 'sccddd', '≤'],
    ['cccccc', 'cccccc', '?'],
  ])('of %s and %s is bounded by the map: %s', (without, withNorm, bound) => {
    expect(headline(experiment, first, row(without, withNorm))!.ratio!.bound).toBe(bound);
  });

  test('is none where nothing converges, and then there is no ratio', () => {
    const line = headline(experiment, first, row('sssddd', 'scccdd'))!;
    expect(line.arms[0]).toEqual({ rate: undefined, atLeast: false });
    expect(line.ratio).toBeUndefined();
  });

  test('is one so far while trials are missing', () => {
    expect(headline(experiment, first, row('cc    ', 'sccddd'))!.complete).toBe(false);
  });

  test('follows the column where y is the learning rate', () => {
    const { x, y } = experiment.axes;
    const turned = { ...experiment, axes: { x: y!, y: x } };
    const line = headline(turned, { ix: 2, iy: 0 }, (_, { ix, iy }) =>
      ix === 2 && iy < 3 ? 'converged' : 'diverged',
    )!;
    expect(line.arms[0]!.rate).toBeCloseTo(0.01);
    expect(line.at!.parameter).toBe('model.initialization.gain');
  });

  test('does not exist where neither axis is a learning rate', () => {
    const { y } = experiment.axes;
    expect(headline({ ...experiment, axes: { x: y! } }, first, () => 'converged')).toBeUndefined();
  });
});

test('a map opens at the document’s own values', () => {
  const fine = withSide(presetExperiment('init-gain'), 64);
  const { ix, iy } = baseCell(fine);
  expect(ix).toBe(38); // 0.1 of 1e-4 … 10
  expect(iy).toBe(28); // 1.25 of 0.5 … 4
  expect(baseCell(withSide(presetExperiment('depth'), 32)).iy).toBe(3); // four hidden layers
  const edge = withSide(presetExperiment('sohl-dickstein'), 10);
  expect(baseCell(edge)).toEqual({ ix: 3, iy: 3 }); // both rates 1
});
