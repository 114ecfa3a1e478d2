import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tried } from '../every';
import { PATIENCE, done, using as usingPage, type BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

/** A chain of three that is trained in a second or two; at this gain every kind of outcome occurs. */
const SMALL = '#map?preset=chain&model.hidden=[1,1]&optimizer.steps=40&view.grid=8';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** What is said of outcomes does not depend on who trains, but for the first test. */
const using = async (
  fragment: string,
  check: (page: Page) => Promise<void>,
  open: BuiltPage['openTrainedByCpu'] = built.openTrainedByCpu,
) => usingPage(await open(fragment), check);

/** Cells of an arm by the legend. */
async function counted(page: Page, state: string): Promise<number[]> {
  const row = page.locator(`map-legend [data-state=${state}]`);
  if ((await row.count()) === 0) return [0, 0];
  return (await row.getAttribute('data-counts'))!.split(',').map(Number);
}

test(
  'the headline is found over eight seeds, and is the same on every grid',
  { timeout: PATIENCE },
  async () => {
    await using(
      SMALL,
      async (page) => {
        const told: string[][] = [];
        for (const grid of tried(['8', '12'], ['16'])) {
          await page.getByRole('combobox', { name: 'Grid' }).selectOption(grid);
          await page.locator(`divergence-map canvas.cells[width="${grid}"]`).first().waitFor();
          await done(page);
          await page
            .locator('headline-number .ratio', { hasText: 'median of 8 seeds' })
            .waitFor({ timeout: PATIENCE });
          told.push(await page.locator('headline-number dl').locator('dd').allInnerTexts());
        }
        for (const other of told) expect(other).toEqual(told[0]);
        expect(told[0]![0]).toMatch(/^[\d.]+$/);
        expect(told[0]!.at(-1)).toMatch(/half: .*×–.*×/);
        expect(await page.locator('headline-number p').innerText()).toMatch(
          /^Largest learning rate that trains, at initial gain = 1\.25$/,
        );
      },
      built.open,
    );
  },
);

test('unfinished cells are hatched and counted, and what both do not know is not told as an outcome', async () => {
  await using(SMALL.replace('steps=40', 'steps=4000'), async (page) => {
    await page.locator('canvas.hatching:not([hidden])').nth(2).waitFor();
    const [without, withNorm] = await counted(page, 'unfinished');
    expect(Math.max(without!, withNorm!)).toBeGreaterThan(0);
    const readings = await page.locator('divergence-map header p').allInnerTexts();
    expect(readings[2]).toBe('not yet trained in both');
    expect(await page.locator('headline-number').innerText()).not.toMatch(/none/);
    await page.getByRole('button', { name: 'Stop' }).click();
  });
  await using(SMALL, async (page) => {
    await done(page);
    await expect.poll(() => page.locator('canvas.hatching:not([hidden])').count()).toBe(0);
    expect(await counted(page, 'unfinished')).toEqual([0, 0]);
  });
});

test('the legend counts the cells, in the words of the arms', async () => {
  await using(SMALL, async (page) => {
    await done(page);
    const states = ['converged', 'already', 'slow', 'stuck', 'risen', 'diverged', 'dead'];
    const counts = await Promise.all(states.map((state) => counted(page, state)));
    for (const arm of [0, 1]) expect(counts.reduce((sum, each) => sum + each[arm]!, 0)).toBe(64);
    expect(await page.locator('map-legend [data-difference=rescued]').innerText()).toContain(
      'rescued: trains only with batch norm',
    );
    // Under the other rule no trial stalls.
    await using(`${SMALL}&rule={"type":"sohl-dickstein"}`, async (other) => {
      await done(other);
      expect(await other.locator('map-legend [data-state]').count()).toBeGreaterThan(1);
      for (const state of ['slow', 'stuck', 'risen', 'already'])
        expect(await counted(other, state)).toEqual([0, 0]);
    });
  });
});

test('slow trials are trained ten times as long, and only they', { timeout: PATIENCE }, async () => {
  await using(SMALL, async (page) => {
    await done(page);
    const slow = await counted(page, 'slow');
    const diverged = await counted(page, 'diverged');
    const all = slow[0]! + slow[1]!;
    expect(all).toBeGreaterThan(0);
    await page.getByRole('button', { name: `Train the ${all} slow trials 10 times as long` }).click();
    await page.locator(`[data-longer="${all}"]`).waitFor({ timeout: PATIENCE });
    const after = await counted(page, 'slow');
    expect(after[0]! + after[1]!).toBeLessThan(all);
    expect((await counted(page, 'diverged'))[0]).toBeGreaterThanOrEqual(diverged[0]!);
    await page.getByRole('checkbox', { name: /slow trials trained/ }).uncheck();
    expect(await counted(page, 'slow')).toEqual(slow);
  });
});

test('a diverged trial says where it began; units are counted that are saturated', async () => {
  await using(
    '#map?preset=sigmoid-two-layer&model.hidden=[2,2]&data.samples=32&optimizer.steps=60&view.grid=8&view.at=1000,0.25',
    async (page) => {
      await done(page);
      const panel = page.locator('trial-panel li').first();
      await expect
        .poll(() => panel.innerText(), { timeout: PATIENCE })
        .toMatch(/saturated units \(φ′ < 0\.05\)|diverged/);
      await page.getByLabel('Coloured by').selectOption('saturation');
      expect(page.url()).toContain('view.colour=saturation');
      expect(await page.locator('map-legend ul').first().innerText()).toContain('saturated units');
      const shades = await page
        .locator('divergence-map canvas.cells')
        .first()
        .evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(new Uint32Array(data.buffer)).size;
        });
      expect(shades).toBeGreaterThan(5);
    },
  );
  await using(`${SMALL}&view.at=10,3`, async (page) => {
    await done(page);
    const panel = page.locator('trial-panel li').first();
    await expect.poll(() => panel.innerText()).toMatch(/diverged at step \d+/);
    await expect
      .poll(() => panel.innerText(), { timeout: PATIENCE })
      .toMatch(/began in layer [123], whose (gradient|weight) norm blew up at step \d+/);
  });
});

test('one sample can come below no target, which is said', async () => {
  await using(`${SMALL}&data={"type":"gaussian","samples":1}`, async (page) => {
    await done(page);
    expect(await page.locator('[data-warning]').innerText()).toMatch(/none is called converged/);
    expect(await counted(page, 'converged')).toEqual([0, 0]);
  });
});
