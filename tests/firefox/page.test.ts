import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import type { Experiment } from '../../src/experiment/types';
import { KERNEL_NAMES } from '../../src/bench/kernel_bench';
import { withSide } from '../../src/service/grid_choice';
import type { MapTab } from '../../src/ui/map/map_tab';
import { ENGINES, runSweep } from '../sweeps';
import { appeared, ended, pagesInFirefox, PATIENCE, SMALL, words } from './pages';

const using = pagesInFirefox();

/** Every cell of the two arms and of their difference has its colour. */
async function filled(page: Page): Promise<void> {
  const maps = () =>
    page.$$eval('>>> divergence-map >>> canvas.cells', (maps) =>
      maps.map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Uint32Array(data.buffer).every((colour) => colour !== 0);
      }),
    );
  await expect.poll(maps, { timeout: PATIENCE }).toEqual([true, true, true]);
}

/** Classes by trial, of all trials or some. */
async function referenceClasses(experiment: Experiment, some?: Set<number>): Promise<Uint8Array> {
  const wants = (trial: number) => some?.has(trial) ?? true;
  return (await runSweep(experiment, ENGINES.reference, { wants })).results.class;
}

/**
 * The experiment with learning rates that are some of float32's roundings larger. Where training is chaotic that alone changes
 * classes, also the reference's, so that in float32 a trial has every class that the reference has nearby.
 */
function nudged(experiment: Experiment, roundings: number): Experiment {
  const factor = 1 + roundings * 2 ** -24;
  const { x, y } = experiment.axes;
  return { ...experiment, axes: { x: { ...x, from: x.from * factor, to: x.to * factor }, ...(y && { y }) } };
}

test('the page opens with full maps, whose classes are the reference’s', async () => {
  await using('', async (page) => {
    await ended(page, 'data-phase');
    await filled(page);
    // Firefox does not tell the adapter's name; lavapipe is the only one that it can find.
    expect(await words(page, '[data-compute]')).toMatch(/\(software adapter\) · fused engine, float32/);

    const preset = await page.$eval('>>> [data-preset][aria-pressed=true]', (it) =>
      it.getAttribute('data-preset'),
    );
    const { side, forecast, elapsed, classes } = await page.$eval('>>> map-tab', (tab) => {
      const { estimate, progress, run } = (tab as MapTab).map.sweep;
      return {
        side: estimate!.side,
        forecast: estimate!.seconds,
        elapsed: progress!.elapsed,
        classes: [...run!.results.table.class],
      };
    });
    console.log(
      `${preset}, ${side} × ${side}: forecast ${forecast} s, took ${(elapsed / forecast).toFixed(2)} times that`,
    );

    const experiment = withSide(presetExperiment(preset!), side);
    const expected = await referenceClasses(experiment);
    expect(classes.length).toBe(expected.length);
    const different = new Set([...expected.keys()].filter((trial) => classes[trial] !== expected[trial]));
    console.log(`${different.size} of ${expected.length} classes differ`);
    for (const roundings of [1, 2, 4, 8, -8, -4, -2, -1]) {
      const rounded = await referenceClasses(nudged(experiment, roundings), different);
      for (const trial of different) if (rounded[trial] === classes[trial]) different.delete(trial);
    }
    expect([...different]).toEqual([]);
  });
});

test('another preset fills its maps, and has its link', async () => {
  await using(`#map?${SMALL}`, async (page) => {
    await ended(page, 'data-phase');
    await filled(page);
    await page.locator('>>> [data-preset=sigmoid-two-layer]').click();
    await appeared(page, '[data-preset=sigmoid-two-layer][aria-pressed=true]');
    expect(page.url()).toContain('preset=sigmoid-two-layer');
    await ended(page, 'data-phase');
    await filled(page);
    expect(await words(page, '.y-label')).toContain('initial gain');
  });
});

test('the crosshair shows its cell’s trial in both arms, and is moved by pointer and by key', async () => {
  await using(`#map?${SMALL}`, async (page) => {
    await ended(page, 'data-phase');
    const [, map] = await page.$$('>>> [role=application]');
    const traced = async (move: () => Promise<void>) => {
      const before = await words(page, 'trial-panel >>> .small');
      await move();
      await expect.poll(() => words(page, 'trial-panel >>> .small'), { timeout: PATIENCE }).not.toBe(before);
      await expect
        .poll(() => page.$$eval('>>> [data-traced=yes]', (trials) => trials.length), { timeout: PATIENCE })
        .toBe(2);
      const points = await page.$$eval('>>> trial-panel >>> [data-points]', (charts) =>
        charts.map((chart) => chart.getAttribute('data-points')),
      );
      expect(points).toEqual(['30,30', '30,30']);
      const outcomes = await page.$$eval('>>> trial-panel >>> li strong', (trials) =>
        trials.map((trial) => trial.textContent),
      );
      expect(outcomes).toEqual(
        Array(2).fill(expect.stringMatching(/^(converged|already|slow|stuck|diverged|dead)/)),
      );
    };
    await traced(async () => {
      const { x, y, width, height } = (await map!.boundingBox())!;
      await page.mouse.move(x + width * 0.3, y + height * 0.9);
    });
    await traced(async () => {
      await map!.focus();
      await page.keyboard.press('ArrowRight');
    });
    expect(page.url()).toContain('view.at=');
  });
});

test('the Kernels tab measures every kernel', async () => {
  await using(`#kernels?${SMALL}&view.size=tiny`, async (page) => {
    await ended(page, 'data-bench');
    const rows = await page.$$eval('>>> tr[data-kernel]', (rows) =>
      rows.map((row) => [row.getAttribute('data-kernel'), row.getAttribute('data-values')] as const),
    );
    expect(rows.map(([kernel]) => kernel)).toEqual(KERNEL_NAMES);
    for (const [kernel, values] of rows)
      expect([kernel, values?.split(' ').map(Number).every(Number.isFinite)]).toEqual([kernel, true]);
  });
});
