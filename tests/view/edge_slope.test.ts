import { expect, test } from 'vitest';
import { axisValues } from '../../src/experiment/axes';
import { presetExperiment } from '../../src/experiment/presets';
import type { Experiment } from '../../src/experiment/types';
import { withSide } from '../../src/service/grid_choice';
import { edgeSlope, rateAxisOfGains } from '../../src/view/edge_slope';

const chain = withSide(presetExperiment('chain'), 48);
const [rates, gains] = [axisValues(chain.axes.x), axisValues(chain.axes.y!)];
/** Diverges above a power of the gain. */
const stateOf = (rate: number, gain: number) => (rate > 2 * gain ** -8 ? 'diverged' : 'stuck');

test('the slope of a power law is found to a part of a cell, whichever axis the rate is', () => {
  const { slope, error, gains: found } = edgeSlope(chain, (ix, iy) => stateOf(rates[ix]!, gains[iy]!))!;
  expect(Math.abs(slope + 8)).toBeLessThan(0.1);
  expect(error).toBeLessThan(0.2);
  expect(found).toBe(gains.filter((gain) => gain >= Math.sqrt(3)).length);
  const turned = { axes: { x: chain.axes.y!, y: chain.axes.x } };
  expect(edgeSlope(turned, (ix, iy) => stateOf(rates[iy]!, gains[ix]!))!.slope).toBeCloseTo(slope, 9);
});

test('gains whose edge is not known or lies beyond the map do not count', () => {
  expect(edgeSlope(chain, () => 'diverged')).toBeUndefined();
  expect(edgeSlope(chain, () => 'converged')).toBeUndefined();
  expect(edgeSlope(chain, () => undefined)).toBeUndefined();
  const three = gains.length - 3;
  expect(
    edgeSlope(chain, (ix, iy) => (iy < three ? undefined : stateOf(rates[ix]!, gains[iy]!))),
  ).toBeUndefined();
});

test('only a map of gain by learning rate has such an edge', () => {
  expect(rateAxisOfGains(chain)).toBe('x');
  const others: Experiment[] = [
    presetExperiment('depth'),
    presetExperiment('sohl-dickstein'),
    { ...chain, axes: { ...chain.axes, y: { ...chain.axes.y!, parameter: 'data.inputScale' } } },
  ];
  for (const other of others) {
    expect(rateAxisOfGains(other)).toBeUndefined();
    expect(edgeSlope(other, () => 'diverged')).toBeUndefined();
  }
});
