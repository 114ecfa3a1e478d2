import { chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { COLUMN_NAMES } from '../../src/training/outcome_columns';
import { decodeBatch } from '../../src/scheduler/column_codec';
import { ResultTable } from '../../src/scheduler/results';
import { browserLaunchOptions } from '../browser';
import { done, PATIENCE, using, withoutWebGpu, type BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=30&view.grid=8';
/** Long enough to be interrupted, on the CPU and on a software adapter. */
const LONG = '#map?preset=chain&optimizer.steps=1000&view.grid=8';
const LONG_ON_GPU = '#map?preset=chain&optimizer.steps=300&view.grid=8';
const TRIALS = 2 * 8 * 8;

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** Every column of every trial's outcome, as the browser keeps them once the sweep is done. */
async function outcomes(page: Page): Promise<Record<string, number[]>> {
  await done(page);
  const table = new ResultTable(TRIALS);
  await expect
    .poll(async () => {
      for (const bytes of await page.evaluate(keptBytes))
        table.enter(decodeBatch(Uint8Array.from(bytes), TRIALS));
      return Array.from({ length: TRIALS }, (_, trial) => table.isFinished(trial)).filter(Boolean).length;
    })
    .toBe(TRIALS);
  return Object.fromEntries(COLUMN_NAMES.map((name) => [name, [...table[name]]]));
}

/** In the page: all batches that are kept. */
function keptBytes(): Promise<number[][]> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('normscape');
    opening.addEventListener('error', () => reject(opening.error));
    opening.addEventListener('success', () => {
      const reading = opening.result.transaction('outcomes').objectStore('outcomes').getAll();
      reading.addEventListener('success', () => {
        opening.result.close();
        resolve(reading.result.map(({ bytes }: { bytes: Uint8Array }) => [...bytes]));
      });
    });
  });
}

/** When some trials have been kept, and not all. */
async function halfway(page: Page): Promise<void> {
  await page.locator('[data-phase=training]').waitFor({ timeout: PATIENCE });
  await page.locator('[data-kept="1"]').waitFor({ timeout: PATIENCE });
}

test(
  'a reload in the middle of a sweep costs nothing: it goes on, says so, and ends with the same trials',
  async () => {
    let undisturbed: Record<string, number[]>;
    await using(await built.open(LONG, withoutWebGpu), async (page) => {
      undisturbed = await outcomes(page);
    });
    await using(await built.open(LONG, withoutWebGpu), async (page) => {
      await halfway(page);
      await page.reload();
      const words = await page.locator('[data-taken]').innerText({ timeout: PATIENCE });
      expect(words).toMatch(/^Taken up where it was left: \d+ of 128 trials\.$/);
      expect(await outcomes(page)).toEqual(undisturbed);
    });
  },
  2 * PATIENCE,
);

test(
  'the GPU process ends in the middle of a sweep: it goes on by itself, says what happened, and ends with the same trials',
  async () => {
    const browser = await chromium.launch(await browserLaunchOptions());
    try {
      const opened = async () => {
        const page = await (await browser.newContext()).newPage();
        await page.goto(inject('shared').address + LONG_ON_GPU);
        return page;
      };
      const undisturbed = await outcomes(await opened());
      const page = await opened();
      await page
        .locator('[data-phase=training]', { hasText: 'trial-steps/s' })
        .waitFor({ timeout: PATIENCE });
      await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
      expect(await outcomes(page)).toEqual(undisturbed);
      expect(await page.locator('[data-fault]').innerText()).toMatch(
        /GPU device lost .*(Trained again|Measured further) on a new device\.$/,
      );
    } finally {
      await browser.close();
    }
  },
  2 * PATIENCE,
);

/** The colours of the first map. */
const colours = (page: Page) =>
  page
    .locator('divergence-map canvas.cells')
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(data.buffer).join();
    });

test('the maps are played, stepped and scrubbed, and the trained ones come back; views are saved, opened, deleted and brought back', async () => {
  await using(await built.openTrainedByCpu(SMALL), async (page) => {
    await done(page);
    await expect.poll(async () => new Set((await colours(page)).split(',')).size).toBeGreaterThan(2);
    const trained = await colours(page);
    const step = (at: number | 'trained') =>
      page.locator(`[data-step="${at}"]`).waitFor({ timeout: PATIENCE });

    await page.getByRole('button', { name: '1 step further' }).click();
    await step(0);
    // Nothing has been trained yet: all cells alike, and the number says so.
    await expect.poll(async () => new Set((await colours(page)).split(',')).size).toBe(1);
    expect(await page.locator('divergence-map header p').first().innerText()).toBe(
      'loss 1 of initial at step 0',
    );
    await page.getByRole('button', { name: '10 steps further' }).click();
    await step(10);
    const scrubber = page.getByRole('slider', { name: 'Step of training' });
    await scrubber.focus();
    await page.keyboard.press('ArrowLeft');
    await step(9);
    await page.keyboard.press('End');
    await step(29);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause', exact: true }).last().click();
    await page.keyboard.press('Escape');
    await step('trained');
    await expect.poll(() => colours(page)).toBe(trained);

    await page.getByLabel('Colours').selectOption('orchid');
    await page.locator('view-gallery summary').click();
    await page.getByRole('button', { name: 'Save this view' }).click();
    const row = page.locator('[data-view]');
    await row.waitFor();
    expect(await row.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(220);
    await row.getByRole('textbox').fill('in gold');
    await row.getByRole('textbox').press('Enter');
    await page.getByLabel('Colours').selectOption('lagoon');
    await page.reload();
    await done(page);
    await page.locator('view-gallery summary').click();
    await page.getByRole('button', { name: 'Delete in gold' }).click();
    await page.locator('[data-views="0"]').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('link', { name: 'Open in gold' }).click();
    await expect.poll(() => page.getByLabel('Colours').inputValue()).toBe('orchid');
    await page.goBack();
    await expect.poll(() => page.getByLabel('Colours').inputValue()).toBe('lagoon');
  });
});

test('a lesson shows maps, legend and headline without controls, and leads to the whole page', async () => {
  await using(await built.openTrainedByCpu(`${SMALL}&view.shows=maps`), async (page) => {
    await page.locator('divergence-map [data-filled="1.000"]').nth(2).waitFor({ timeout: PATIENCE });
    await page.locator('map-legend').waitFor();
    await page.locator('headline-number dd').first().waitFor();
    expect(await page.locator('button:visible, select:visible, input:visible').count()).toBe(0);
    const link = await page.getByRole('link', { name: 'Open in Normscape' }).getAttribute('href');
    expect(link).not.toContain('view.shows');
    await page.evaluate((hash) => (location.hash = hash!), link);
    await page.getByRole('button', { name: 'Copy lesson link' }).waitFor();
    await done(page);
  });
});
