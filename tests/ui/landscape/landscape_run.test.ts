import { describe, expect, test, vi } from 'vitest';
import { presetExperiment } from '../../../src/experiment/presets';
import { alongTraining, type AlongTraining } from '../../../src/measures/along_training';
import type { Lab, LabOptions } from '../../../src/service/lab';
import { ReferenceEngine } from '../../../src/training/reference_engine';
import { atRate, comparedOf, rateAt } from '../../../src/ui/landscape/landscape_networks';
import { LandscapeRun } from '../../../src/ui/landscape/landscape_run';
import { checkLandscape, lookSteps, MOST_LOOKS } from '../../../src/ui/landscape/landscape_view';
import { FIRST_LANDSCAPE, shownWith } from '../../landscape_views';

type Asked = { readonly engine: string; readonly probes: readonly string[]; readonly signal: AbortSignal };

/** A lab in this thread. */
function lab(measures: typeof alongTraining = alongTraining) {
  const asked: Asked[] = [];
  const fake: Pick<Lab, 'measure'> = {
    async measure(_name, wanted, { engine, signal, began, tell }: LabOptions<never>) {
      const request = wanted as AlongTraining;
      asked.push({ engine, probes: request.probes, signal: signal! });
      await Promise.resolve();
      began?.({ engine: 'reference', adapter: 'CPU, float64' });
      await measures(new ReferenceEngine(), request, tell as never, () => !signal!.aborted);
    },
  };
  return { lab: fake as Lab, asked };
}

/** A chain, so that all is measured at once. */
const chain = (change = {}) =>
  shownWith({ net: 'map', steps: 4, every: 2, ...change }, { experiment: presetExperiment('chain') });

/** Until a measurement has come so far; nothing is asserted about time. */
const until = (check: () => void) => vi.waitFor(check, 60_000);

describe('the tab’s measurements', () => {
  test('are the landscape and the shift, sharpness, and the landscape at all rates', async () => {
    const { lab: fake, asked } = lab();
    const run = new LandscapeRun(fake, true);
    const shown = chain();
    await until(() =>
      expect(['path', 'sharpness', 'rates'].map((part) => run.of(shown)[part as 'path'].state)).toEqual(
        Array.from({ length: 3 }, () => 'done'),
      ),
    );
    expect(asked.map(({ engine, probes }) => [engine, ...probes])).toEqual([
      ['float64', 'landscape', 'shift'],
      ['float64', 'sharpness'],
      ['gpu', 'landscape'],
    ]);
    const { compared, path, sharpness, rates } = run.of(shown);
    expect(path.table.of(1).map(({ step }) => step)).toEqual([0, 2]);
    expect(sharpness.table.of(0)[0]!.sharpness!.value).toBeGreaterThan(0);
    expect(rates.request.trials).toHaveLength(2 * compared.rates.count);
    // A column of the maps is the trial of the charts at its rate.
    const column = rates.request.trials[compared.rates.count + 5]!;
    expect(column).toEqual(atRate(compared.arms[1]!.trial, rateAt(compared, 5)));
  });

  test('are made anew where what they follow from has changed, and no others', async () => {
    const { lab: fake, asked } = lab(async () => undefined);
    const run = new LandscapeRun(fake, true);
    const before = run.of(chain());
    await until(() => expect(before.rates.state).toBe('done'));
    const same = run.of(chain({ measure: 'loss', at: 2, layer: 2 }));
    expect([same.path, same.sharpness, same.rates]).toEqual([before.path, before.sharpness, before.rates]);
    expect(asked).toHaveLength(3);
    const faster = run.of(chain({ rate: 0.5 }));
    expect(faster.rates).toBe(before.rates);
    expect(faster.path.request.trials[0]!.optimizer.learningRate).toBe(0.5);
    expect(asked).toHaveLength(5);
    run.of(chain({ rate: 0.5, reach: 'linear' }));
    expect(asked.slice(5).map(({ probes }) => probes[0])).toEqual(['landscape', 'landscape']);
  });

  test('end when the tab is left, and begin anew when it is back', () => {
    const { lab: fake, asked } = lab(() => new Promise(() => undefined));
    const run = new LandscapeRun(fake, true);
    run.of(chain());
    run.leave();
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    run.of(chain());
    expect(asked.slice(3).map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
  });

  test('say in words what went wrong, and what would take too long', async () => {
    const { lab: fake, asked } = lab(async () => {
      throw new Error('the device is lost');
    });
    const large = presetExperiment('init-gain');
    const run = new LandscapeRun(fake, true);
    const wide = { ...large, model: { ...large.model, hidden: [512, 512, 512] } };
    const found = run.of(shownWith({ net: 'map' }, { experiment: wide }));
    await until(() => expect(found.rates.state).toBe('failed'));
    expect(found.sharpness.words).toMatch(/^This would take about \S+ multiply-adds, .*fewer steps/);
    expect(asked).toHaveLength(0);
    const small = run.of(chain());
    await until(() => expect(small.path.words).toBe('the device is lost'));
  });
});

test('the Map’s network is the trial at the cell that was pinned last, in two arms', () => {
  const pinned = shownWith(
    { net: 'map', steps: 7 },
    {
      map: {
        at: [
          { x: 1, y: 1 },
          { x: 0.25, y: 2 },
        ],
      },
    },
  );
  const { arms, rate, rates } = comparedOf(pinned);
  expect(rate).toBe(0.25);
  expect(rates).toMatchObject({ from: 1e-4, to: 10 });
  for (const { trial } of arms) {
    expect(trial.model.initialization.gain).toBe(2);
    expect(trial.optimizer.steps).toBe(7);
  }
  expect(arms.map(({ trial }) => trial.model.normalization.type)).toEqual(['none', 'batch']);
});

test('the learning rate that is chosen goes before that of the network', () => {
  expect(comparedOf(shownWith({ net: 'linear' })).rate).toBe(0.01);
  expect(comparedOf(shownWith({ net: 'linear', rate: 0.5 })).rate).toBe(0.5);
});

test('there are no more looks than may be, and none after the last step', () => {
  expect(lookSteps({ steps: 10, every: 5 })).toEqual([0, 5]);
  expect(lookSteps({ steps: 11, every: 5 })).toEqual([0, 5, 10]);
  expect(() => checkLandscape({ ...FIRST_LANDSCAPE, steps: 1000, every: 4 })).toThrow(
    'view.landscape.every: found 4, allowed: 5 or more',
  );
  expect(() => checkLandscape({ ...FIRST_LANDSCAPE, steps: MOST_LOOKS, every: 1 })).not.toThrow();
});
