import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boxes } from './boxes';
import { done, using, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=30&view.grid=8';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

const plots = (page: Page) => page.locator('divergence-map .plot');
const marks = (page: Page) => page.locator('map-marks [data-pin]');
const chart = (page: Page, name: RegExp) => page.getByRole('img', { name });
const points = (page: Page, name: RegExp) => chart(page, name).getAttribute('data-points');

/** What is drawn once everything that was asked for has come. */
async function drawn(page: Page, name: RegExp, wanted: string | RegExp): Promise<void> {
  await expect.poll(() => points(page, name), { timeout: 20_000 }).toMatch(wanted);
}

/** So many curves, of which each has points: some end early. */
const curves = (count: number) => new RegExp(`^[1-9]\\d*(?:,[1-9]\\d*){${count - 1}}$`);

describe('trials', () => {
  const onPage = onePage(() => built.openTrainedByCpu(SMALL), done);

  test('are pinned by key and by click, with marks on every map and curves in the charts', () =>
    onPage(async (page) => {
      await plots(page).first().focus();
      for (const key of ['ArrowRight', 'Enter', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
      expect(await marks(page).allInnerTexts()).toEqual(['1', '2', '1', '2', '1', '2']);
      expect(page.url()).toMatch(/view\.at=[^;&]+;[^;&]+(?:&|$)/);
      const box = (await plots(page).nth(1).boundingBox())!;
      const at = [box.x + box.width * 0.06, box.y + box.height * 0.94] as const;
      await page.mouse.click(...at);
      await page.mouse.move(2, 2);
      expect(await marks(page).count()).toBe(9);
      await drawn(page, /^Loss by step/, curves(6));
      await drawn(page, /^Gradient norm by step/, curves(6));
      await page.mouse.click(...at);
      expect(await marks(page).count()).toBe(6);
      await page.getByRole('button', { name: 'Remove pin 1' }).click();
      expect(await page.getByRole('list', { name: 'Pinned cells' }).getByRole('listitem').count()).toBe(1);
    }));

  test('are checked in float64, in words and curves, which also tells of activations', () =>
    onPage(async (page) => {
      await page.getByRole('button', { name: 'Check in float64' }).click();
      await page.locator('[data-float64]').nth(1).waitFor();
      // The reference trained them in the first place, unless there is a GPU.
      for (const words of await page.locator('[data-float64]').allInnerTexts())
        expect(words).toMatch(/: (?:the same in float64|(?:never|first) more than 1 % from float64)/);
      await drawn(page, /^Loss by step/, curves(4));
      await page.getByLabel('Quantity').selectOption('variance');
      await drawn(page, /^Activation variance by step/, curves(10));
      await page.getByLabel('Layer', { exact: true }).selectOption('2');
      await drawn(page, /^Activation variance by step/, curves(2));
    }));

  test('tell their sharpness along training beside 2/η, and nothing moves', () =>
    onPage(async (page) => {
      await page.getByLabel('Quantity').selectOption('sharpness');
      const places = async () =>
        (await boxes(page.locator('line-chart'))).map(({ y, bottom }) => [y, bottom]);
      const before = await places();
      await page.getByRole('button', { name: 'Sharpness along training' }).click();
      await page.getByRole('button', { name: 'Measured in float64' }).waitFor();
      const told = await page.locator('[data-sharpness]').allInnerTexts();
      expect(told).toHaveLength(2);
      for (const words of told) expect(words).toMatch(/: λ .+ at step \d+ \(η·λ .+\).*; error up to .+ %$/s);
      // Both arms, and 2/η of the rate that they share.
      await drawn(page, /^Sharpness \|λ\| by step/, curves(3));
      expect(await places()).toEqual(before);
    }));

  test('are drawn over η·t, and a link opens it all again', () =>
    onPage(async (page) => {
      await page.getByLabel('Horizontal axis').selectOption('rate');
      await page.getByLabel('Quantity').selectOption('rate');
      await drawn(page, /^Effective learning rate η\/‖w‖² by η·t/, curves(4));
      const url = page.url();
      await using(await built.openTrainedByCpu(new URL(url).hash), async (again) => {
        await done(again);
        await drawn(again, /^Effective learning rate η\/‖w‖² by η·t/, curves(2));
        expect(await again.getByLabel('Layer', { exact: true }).inputValue()).toBe('2');
        expect(await marks(again).count()).toBe(3);
        expect(again.url()).toBe(url);
      });
    }));

  test('a slice is along the learning rate, through the crosshair', () =>
    onPage(async (page) => {
      await page.getByRole('button', { name: 'Slice', exact: true }).click();
      await drawn(page, /^Loss at the end by learning rate/, curves(4));
    }));

  test('cells are selected by box, counted, filtered and drawn', () =>
    onPage(async (page) => {
      await page.getByRole('button', { name: 'Selection', exact: true }).click();
      await page.getByRole('button', { name: 'Select on the maps' }).click();
      const box = (await plots(page).first().boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.7, { steps: 4 });
      await page.mouse.up();
      await page.getByText('16 cells selected').waitFor();
      await page.locator('[data-drawn="32"]').waitFor();
      expect((await points(page, /^Loss of the selected cells/))!.split(',')).toHaveLength(34);
      expect(await page.locator('map-marks polygon').count()).toBe(6);
      const counts = await page.locator('cell-selection tr[data-state] td').allInnerTexts();
      expect(counts.map(Number).reduce((sum, count) => sum + count, 0)).toBe(32);
      const left = Number(counts[0]) + Number(counts[1]);
      await page.getByRole('checkbox', { name: 'converged' }).uncheck();
      await page.locator(`[data-drawn="${32 - left}"]`).waitFor();
      expect(page.url()).toContain('view.hide=converged');
      expect(left).toBeGreaterThan(0);
    }));

  test('cells are selected by key, and Escape leads back to the map', () =>
    onPage(async (page) => {
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByRole('button', { name: 'Select on the maps' }).click();
      await plots(page).first().focus();
      await page.keyboard.press('s');
      const brush = page.getByRole('application', { name: /^Select cells: / }).first();
      await brush.waitFor();
      for (const key of ['ArrowLeft', 'Enter', 'ArrowRight', 'ArrowUp', 'Enter'])
        await page.keyboard.press(key);
      await page.getByText('4 cells selected').waitFor();
      await page.keyboard.press('Escape');
      await brush.waitFor({ state: 'detached' });
      expect(
        await plots(page)
          .first()
          .evaluate((plot) => plot.matches(':focus')),
      ).toBe(true);
    }));
});
