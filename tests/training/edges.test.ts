import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/experiment/parse';
import type { Experiment } from '../../src/experiment/types';
import { EdgeFinder, type Edges } from '../../src/scheduler/edge_finder';
import { trains } from '../../src/training/outcome';
import { ENGINES, runSweep } from '../sweeps';

/** A small network whose edge lies well inside the axis, with and without batch norm. */
const document = (count: number) => ({
  format: 'normscape/experiment',
  version: 1,
  model: { inputs: 4, hidden: [6, 6], outputs: 1, activation: 'relu' },
  data: { type: 'teacher', samples: 16 },
  loss: 'half-mse',
  optimizer: { learningRate: 0.1, steps: 25 },
  axes: {
    x: { parameter: 'optimizer.learningRate', scale: 'log', from: 1e-3, to: 100, count },
    y: { parameter: 'model.initialization.gain', scale: 'log', from: 0.5, to: 4, count },
  },
  rule: { type: 'threshold', window: 5 },
});
const LINE = { along: 'x', across: 1.25 } as const;

async function edgesOf(engine: keyof typeof ENGINES, experiment: Experiment, seeds: number): Promise<Edges> {
  const listener = {
    found: () => undefined,
    fault(words: string) {
      throw new Error(words);
    },
  };
  const finder = new EdgeFinder(experiment, LINE, () => ENGINES[engine], listener, 2 ** 26);
  expect(await finder.run(seeds)).toBe(true);
  return finder.edges();
}

const lows = (edges: Edges) => edges.map((arm) => arm.map((edge) => (edge === 'none' ? 0 : edge.all.low)));

describe.each(['reference', 'fused in software'] as const)('%s', (engine) => {
  test('the largest rate that trains is the same on three grids, to the last bit', async () => {
    const found = [];
    for (const count of [5, 12, 33]) found.push(await edgesOf(engine, parseExperiment(document(count)), 1));
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
    for (const rate of lows(found[0]!).flat()) expect(rate).toBeGreaterThan(1e-3);
  });

  test('it is the reference’s, within its interval', async () => {
    const experiment = parseExperiment(document(3));
    const [found, expected] = [
      await edgesOf(engine, experiment, 2),
      await edgesOf('reference', experiment, 2),
    ];
    for (const [at, rate] of lows(found).flat().entries())
      expect(Math.abs(Math.log(rate / lows(expected).flat()[at]!))).toBeLessThan(Math.log(1.03));
  });
});

test('below the edge that was found every trial of a fine sweep trains, just above it one does not', async () => {
  const experiment = parseExperiment(document(3));
  const edges = await edgesOf('reference', experiment, 1);
  for (const [arm, [edge]] of edges.entries()) {
    if (!edge || edge === 'none') throw new Error('there is no edge');
    const { low, high } = edge.all;
    const axis = (from: number, to: number) => ({ ...experiment.axes.x, from, to, count: 40 });
    const row = async (from: number, to: number) => {
      const y = { ...experiment.axes.y!, from: LINE.across, to: LINE.across, count: 1 };
      const { results } = await runSweep(
        { ...experiment, axes: { x: axis(from, to), y } },
        ENGINES.reference,
      );
      return Array.from({ length: 40 }, (_, ix) => trains(results.stateOf(arm * 40 + ix)!));
    };
    expect((await row(low / 2, low)).includes(false)).toBe(false);
    expect((await row(low, high)).at(-1)).toBe(false);
  }
});

test('a search that is stopped forgets the round that it was in, and goes on where it was', async () => {
  const experiment = parseExperiment(document(3));
  const whole = await edgesOf('reference', experiment, 2);
  let rounds = 0;
  const listener = {
    found() {
      rounds += 1;
      if (rounds === 2) finder.stop();
    },
    fault: () => undefined,
  };
  const finder: EdgeFinder = new EdgeFinder(experiment, LINE, () => ENGINES.reference, listener, 2 ** 26);
  expect(await finder.run(2)).toBe(false);
  expect(await finder.run(2)).toBe(true);
  expect(finder.edges()).toEqual(whole);
});
