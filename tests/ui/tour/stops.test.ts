import { describe, expect, test } from 'vitest';
import { axisValues } from '../../../src/experiment/axes';
import { presetExperiment } from '../../../src/experiment/presets';
import { withSide } from '../../../src/service/grid_choice';
import { batchOf } from '../../../src/scheduler/results';
import type { Engine, Wave, WaveInput } from '../../../src/training/engine';
import { ReferenceEngine } from '../../../src/training/reference_engine';
import { ChainRuns, type ChainRun } from '../../../src/ui/chain/chain_run';
import type { ChainView } from '../../../src/ui/chain/chain_view';
import { newRun } from '../../../src/ui/map/run';
import { atStop, checkView, decodeView, encodeView } from '../../../src/ui/page/view_state';
import type { FoundBy, Stop } from '../../../src/ui/tour/stop';
import { STOPS } from '../../../src/ui/tour/stops';
import { tried } from '../../every';
import { runSweep } from '../../sweeps';
import { trialResult } from '../../trial_results';

const first = decodeView('');
const stopOn = (title: string) => STOPS.find((stop) => stop.title === title)!;
/** States of a stop's claims, from what its tab has found. */
const states = (stop: Stop, found: unknown) =>
  stop.checked((() => found) as unknown as FoundBy).map(({ state }) => state);

describe.each(STOPS.map((stop, at) => [at + 1, stop] as const))('stop %i', (number, stop) => {
  test('shows what its link says, from wherever it is reached', () => {
    const view = decodeView(`#tour=${number}`);
    expect([view.tab, view.tour]).toEqual([stop.tab, number]);
    checkView(view);
    expect(decodeView(encodeView(view))).toEqual(view);
    const own = { ...first, theme: 'dark', map: { ...first.map, palette: 'orchid', grid: 8 } } as const;
    const reached = atStop(own, number);
    expect([reached.theme, reached.map.palette, reached.map.grid]).toEqual(['dark', 'orchid', 8]);
    expect(reached[stop.tab]).toEqual({
      ...view[stop.tab],
      ...(stop.tab === 'map' && { palette: 'orchid', grid: 8 }),
    });
    expect(reached.experiment).toEqual((stop.tab === 'map' ? view : own).experiment);
    checkView(reached);
  });

  test('claims nothing before anything was measured', () => {
    expect(stop.sources.length).toBeGreaterThan(0);
    expect(new Set(states(stop, undefined))).toEqual(new Set(['open']));
  });
});

/** What the maps of a stop come to on an engine. */
async function trained(stop: Stop, side: number, engine: Engine, setting: object = {}) {
  const { experiment } = decodeView(stop.link);
  const small = withSide({ ...experiment, optimizer: { ...experiment.optimizer, ...setting } }, side);
  const { results } = await runSweep(small, async () => engine);
  return { experiment: small, results: { ...newRun(small).results, table: results }, isDone: true };
}

/** The reference, but that all weights begin at one gain, whatever the documents say. */
class OfOneGain extends ReferenceEngine {
  override open({ trials, ...input }: WaveInput): Promise<Wave> {
    const { gain } = input.plan.settings;
    const spoilt = trials.map(({ settings, ...trial }) => ({
      ...trial,
      settings: settings.slice().fill(2, gain),
    }));
    return super.open({ ...input, trials: spoilt });
  }
}

test('the mark of the chain is computed from its maps: on an engine that is broken it turns', async () => {
  const stop = stopOn('Explosion in the chain');
  const short = { steps: 40 };
  expect(states(stop, await trained(stop, 8, new ReferenceEngine(), short))).toEqual(['holds']);
  expect(states(stop, await trained(stop, 8, new OfOneGain(), short))).toEqual(['fails']);
});

test.each(tried([], ['Gain × learning rate', 'Depth × learning rate', 'Where batch norm does not help']))(
  '%s: what is claimed holds on coarse maps and on finer ones',
  async (title) => {
    const stop = stopOn(title);
    for (const side of [8, 12])
      expect(new Set(states(stop, await trained(stop, side, new ReferenceEngine())))).toEqual(
        new Set(['holds']),
      );
  },
);

/** Maps on which training diverges above a rate, by arm and by the value of the other axis. */
function withEdges(stop: Stop, edge: (arm: number, value: number) => number, side = 32) {
  const experiment = withSide(decodeView(stop.link).experiment, side);
  const { results } = newRun(experiment);
  const [rates, values] = [axisValues(experiment.axes.x), axisValues(experiment.axes.y!)];
  const { nx, ny, trials } = results.grid;
  const classOf = (trial: number) => {
    const [ix, iy, arm] = [trial % nx, Math.floor(trial / nx) % ny, Math.floor(trial / (nx * ny))];
    return rates[ix]! > edge(arm, values[iy]!) ? 'diverged' : 'converged';
  };
  const all = Array.from({ length: trials }, (_, trial) => trialResult({ trial, class: classOf(trial) }));
  results.table.enter(batchOf(all));
  return { experiment, results, isDone: true };
}

describe('claims about edges', () => {
  test.each([
    ['Explosion in the chain', [-8], ['holds']],
    ['Explosion in the chain', [-7], ['fails']],
    ['Gain × learning rate', [-8, 0], ['holds', 'holds']],
    ['Gain × learning rate', [-8, -1], ['holds', 'holds']],
    ['Gain × learning rate', [-7, -4], ['fails', 'fails']],
    ['Gain × learning rate', [-8, 1.5], ['holds', 'fails']],
  ] as const)('%s: edges that fall as the gain to the powers %o', (title, powers, wanted) => {
    const found = withEdges(stopOn(title), (arm, gain) => gain ** (powers[arm] ?? 0));
    expect(states(stopOn(title), found)).toEqual(wanted);
  });

  test.each([
    [4, 1, ['holds', 'holds']],
    [2, 2, ['fails', 'fails']],
  ])('that a layer divides by %d, and with batch norm by %d', (plain, normed, wanted) => {
    const stop = stopOn('Depth × learning rate');
    const found = withEdges(stop, (arm, depth) => [plain, normed][arm]! ** -depth);
    expect(states(stop, found)).toEqual(wanted);
  });

  test.each([
    [0.1, 0.3, ['holds', 'holds']],
    [0.1, 0.001, ['holds', 'holds']],
    [0.002, 9, ['fails', 'fails']],
  ])('up to %d and with batch norm %d, whatever the batch', (plain, normed, wanted) => {
    const stop = stopOn('Where batch norm does not help');
    const small = wanted[0] === 'holds' ? Math.min(plain, normed) : normed;
    const found = withEdges(stop, (arm, size) => (arm === 0 ? plain : size === 2 ? small : normed));
    expect(states(stop, found)).toEqual(wanted);
  });

  test('are not decided before the maps are, nor by maps of something else', () => {
    const stop = stopOn('Gain × learning rate');
    const { experiment, results, isDone } = withEdges(stop, () => 1);
    const nothing = { experiment, results: newRun(experiment).results, isDone: false };
    expect(states(stop, nothing)).toEqual(['open', 'open']);
    expect(states(stop, { experiment: presetExperiment('depth'), results, isDone })).toEqual([
      'open',
      'open',
    ]);
  });
});

/** What the Chain rule tab has found at a stop, with some settings changed. */
function chained(stop: Stop, change: Partial<ChainView> = {}) {
  const view = { ...decodeView(stop.link).chain, ...change };
  return { view, runs: new ChainRuns().of(view).runs };
}

/** A run whose batch norm does not divide on the way back. */
function withoutScale(run: ChainRun): Pick<ChainRun, 'network' | 'at' | 'factors'> {
  return {
    network: run.network,
    at: (step) => run.at(step),
    factors(...where) {
      const { factors, pass } = run.factors(...where);
      return {
        pass,
        factors: factors.map((factor) => (factor.part === 'scale' ? { ...factor, value: 1 } : factor)),
      };
    },
  };
}

describe('claims about the chain', () => {
  const [chain, network] = [stopOn('Batch norm in the chain'), stopOn('The puzzle of two layers')];

  test('hold as the stops have it, and for the other φ', () => {
    expect(states(chain, chained(chain))).toEqual(['holds', 'holds']);
    expect(states(network, chained(network))).toEqual(['holds', 'holds']);
    expect(states(network, chained(network, { activation: 'sigmoid' }))).toEqual(['holds', 'holds']);
  });

  test('are open where the reader’s settings do not tell', () => {
    expect(states(chain, chained(chain, { scale: 1 }))[0]).toBe('open');
    expect(states(chain, chained(chain, { scaled: 5 }))[0]).toBe('open');
    expect(states(chain, chained(chain, { scaled: 1 }))[0]).toBe('open');
    expect(states(chain, chained(chain, { rate: 0.1 }))[1]).toBe('open');
  });

  test('fail where batch norm is broken', () => {
    const { view, runs } = chained(chain);
    expect(states(chain, { view, runs: [runs[0], withoutScale(runs[1])] })[0]).toBe('fails');
    expect(states(chain, { view, runs: [runs[0], runs[0]] })[1]).toBe('fails');
  });
});
