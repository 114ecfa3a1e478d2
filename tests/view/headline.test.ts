import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import type { Edges } from '../../src/scheduler/edge_finder';
import type { TrialState } from '../../src/training/outcome';
import { withSide } from '../../src/service/grid_choice';
import { baseCell, headline, lineThrough, type Cell, type Headline } from '../../src/view/headline';
import { rateWords, timesWords } from '../../src/ui/map/headline_number';

const experiment = withSide(presetExperiment('init-gain'), 6); // rates 1e-4 … 10, one a decade
const LINE = { along: 'x', across: 0.5 } as const;
const first: Cell = { ix: 3, iy: 0 };

/** States of row 0, one letter a cell; other rows are unknown. */
function row(...arms: [string, string]) {
  const names: Record<string, TrialState> = {
    c: 'converged',
    s: 'slow',
    d: 'diverged',
    x: 'dead',
    a: 'already',
  };
  return (arm: number, { ix, iy }: Cell) => (iy === 0 ? names[arms[arm]![ix]!] : undefined);
}
const onMap = (...arms: [string, string]) => headline(experiment, LINE, first, undefined, row(...arms));
const wordsOf = ({ arms, ratio, most }: Headline) => [
  ...arms.map(({ all }) => rateWords(all, most)),
  `${ratio!.bound}${timesWords(ratio!.spread)}`,
];

describe('before anything was searched, the cells of the row tell', () => {
  test('between which two rates training ends', () => {
    expect(wordsOf(onMap('sccddd', 'scccdd'))).toEqual(['0.01 to 0.1', '0.1 to 1', '1× to 100×']);
  });

  test('up to the first that fails, though another one trains beyond', () => {
    expect(wordsOf(onMap('sccddd', 'sccdcd')).slice(0, 2)).toEqual(['0.01 to 0.1', '0.01 to 0.1']);
  });

  test('nothing while cells are missing that could be the only ones that train', () => {
    expect(wordsOf(onMap('s     ', 'sccddd'))).toEqual(['…', '0.01 to 0.1', '…']);
    // What has been trained so far ends before the axis does.
    expect(wordsOf(onMap('ccc   ', 'sccddd'))[0]).toBe('…');
    expect(wordsOf(onMap('c c   ', 'd c d '))).toEqual(['…', '0.01 to 1', '…']);
  });

  test('that none trains, or that all do', () => {
    expect(wordsOf(onMap('ssdddd', 'scccdd'))).toEqual(['none up to 10', '0.1 to 1', '∞']);
    expect(wordsOf(onMap('sccddd', 'cccccc'))).toEqual(['0.01 to 0.1', '10 or more', '100× or more']);
  });

  test('the dead do not train', () => {
    expect(wordsOf(onMap('sccxxx', 'xxxxxx')).slice(0, 2)).toEqual(['0.01 to 0.1', 'none up to 10']);
  });
});

describe('what was found over seeds', () => {
  const edge = (rate: number, any = rate, already = false) => {
    const bracket = (at: number) =>
      at === Infinity ? { low: 10, high: Infinity } : { low: at / 1.005, high: at * 1.005 };
    return { all: bracket(rate), any: bracket(any), already };
  };
  const found = (...arms: Edges) => headline(experiment, LINE, first, arms, () => undefined);

  test('is told by median and quartiles, the ratio seed by seed', () => {
    const without = [0.1, 0.2, 0.3, 0.4].map((rate) => edge(rate));
    const { arms, ratio, seeds } = found(
      without,
      [1, 1, 3, 4].map((rate) => edge(rate)),
    );
    expect(seeds).toBe(4);
    expect(arms[0]!.all).toEqual({
      kind: 'found',
      low: expect.closeTo(0.1 ** 0.25 * 0.2 ** 0.75),
      median: expect.closeTo(Math.sqrt(0.06)),
      high: expect.closeTo(0.3 ** 0.75 * 0.4 ** 0.25),
    });
    // 5, 10, 10, 10
    const spread = {
      kind: 'found',
      low: expect.closeTo(5 ** 0.25 * 10 ** 0.75),
      median: expect.closeTo(10),
      high: expect.closeTo(10),
    };
    expect(ratio).toEqual({ spread, bound: '' });
  });

  test('is an interval while it is wide', () => {
    const wide = { low: 0.15, high: 0.43 };
    const told = found([{ all: wide, any: wide, already: false }], [edge(1)]);
    expect(wordsOf(told)).toEqual(['0.15 to 0.43', '1', '2.3× to 6.7×']);
  });

  test('says where training goes on beyond a rate that fails', () => {
    const { arms } = found([edge(0.1, 0.5), edge(0.1, 0.4)], [edge(1, 1.05), edge(1)]);
    expect(arms.map(({ any }) => any)).toEqual([expect.closeTo(Math.sqrt(0.2)), undefined]);
  });

  test('none, all, and the ratios of these', () => {
    expect(wordsOf(found(['none', 'none'], [edge(1), edge(1)]))).toEqual(['none up to 10', '1', '∞']);
    expect(wordsOf(found([edge(1)], ['none']))).toEqual(['1', 'none up to 10', '0×']);
    expect(wordsOf(found([edge(1)], [edge(Infinity)]))).toEqual(['1', '10 or more', '≥10×']);
    expect(wordsOf(found([edge(Infinity)], [edge(1)]))).toEqual(['10 or more', '1', '≤0.1×']);
    expect(found([edge(Infinity)], [edge(Infinity)]).ratio!.bound).toBe('?');
    expect(wordsOf(found(['none'], ['none']))).toEqual(['none up to 10', 'none up to 10', '…']);
  });

  test('of a minority of seeds that train nowhere only the spread tells', () => {
    const { arms } = found(['none', edge(1), edge(1), edge(1), edge(2)], [edge(1)]);
    expect(arms[0]!.all).toMatchObject({ kind: 'found', median: expect.closeTo(1) });
  });

  test('says where there was nothing to learn', () => {
    const { arms } = found([edge(1, 1, true), edge(1, 1, true)], [edge(1), edge(1, 1, true), edge(1)]);
    expect(arms.map(({ already }) => already)).toEqual([true, false]);
  });
});

describe('the line of the headline', () => {
  test('runs along the learning rate, through the place that was asked for, be it no point of the grid', () => {
    expect(lineThrough(experiment, { ix: 2, iy: 0 })).toEqual({ along: 'x', across: 0.5 });
    expect(lineThrough(experiment, { ix: 2, iy: 0 }, { x: 1, y: 1.25 })).toEqual({
      along: 'x',
      across: 1.25,
    });
    expect(lineThrough(experiment, { ix: 2, iy: 0 }, { y: 99 })).toEqual({ along: 'x', across: 4 });
  });

  test('follows the column where y is the learning rate', () => {
    const { x, y } = experiment.axes;
    const turned = { ...experiment, axes: { x: y!, y: x } };
    const line = lineThrough(turned, { ix: 2, iy: 0 }, { x: 1 })!;
    expect(line).toEqual({ along: 'y', across: 1 });
    const told = headline(turned, line, { ix: 2, iy: 0 }, undefined, (_, { ix, iy }) =>
      ix === 2 && iy < 3 ? 'converged' : 'diverged',
    );
    const between = { kind: 'between', low: expect.closeTo(0.01), high: expect.closeTo(0.1) };
    expect(told.arms[0]!.all).toEqual(between);
    expect(told.at!.parameter).toBe('model.initialization.gain');
  });

  test('does not exist where neither axis is a learning rate', () => {
    const { y } = experiment.axes;
    expect(lineThrough({ ...experiment, axes: { x: y! } }, first)).toBeUndefined();
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
