import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeView } from '../../src/ui/page/view_state';
import { done, PATIENCE, settledMaps, using, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=20&view.grid=16';
const CELLS = 16 ** 2;

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

const plots = (page: Page) => page.locator('divergence-map .plot');
const words = (page: Page) => page.locator('view-bar [data-zoom]');

/** When a view of this level is whole: how many of its cells were kept from others. */
async function kept(page: Page, level: number): Promise<number> {
  await page.locator(`view-bar [data-zoom="${level}"]`).waitFor();
  await expect
    .poll(() => plots(page).first().getAttribute('data-filled'), { timeout: PATIENCE })
    .toBe('1.000');
  await done(page);
  await settledMaps(page);
  return Number(await words(page).getAttribute('data-reused'));
}

/** What tells the colours of the maps from others. */
const pictures = (page: Page) =>
  page.locator('divergence-map canvas.cells').evaluateAll((canvases: HTMLCanvasElement[]) =>
    canvases.map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return new Uint32Array(data.buffer).reduce((sum, pixel) => (31 * sum + pixel) >>> 0, 0);
    }),
  );

/** That the maps come to look so: painting lags behind. */
async function looksLike(page: Page, wanted: readonly number[]): Promise<void> {
  await expect.poll(() => pictures(page), { timeout: 10_000 }).toEqual(wanted);
}

describe('a part of the maps', () => {
  const onPage = onePage(() => built.openTrainedByCpu(SMALL), done);

  test('a wheel goes in and out at the pointer: a quarter of the cells are kept on the way in, all on the way out and back', () =>
    onPage(async (page) => {
      await settledMaps(page);
      const whole = await pictures(page);
      const { x, y, width, height } = (await plots(page).first().boundingBox())!;
      await page.mouse.move(x + 0.6 * width, y + 0.5 * height);
      await page.mouse.wheel(0, -120);
      expect(await kept(page, 1)).toBeGreaterThanOrEqual(CELLS / 4);
      expect(await page.locator('sweep-progress [data-phase]').innerText()).toMatch(/^384 of 384 trials/);
      const once = await pictures(page);
      await page.mouse.wheel(0, -120);
      expect(await kept(page, 2)).toBeGreaterThanOrEqual(CELLS / 4);
      const twice = await pictures(page);
      await page.mouse.wheel(0, 120);
      expect(await kept(page, 1)).toBe(CELLS);
      await looksLike(page, once);
      await page.mouse.wheel(0, -120);
      expect(await kept(page, 2)).toBe(CELLS);
      await looksLike(page, twice);
      await plots(page).first().press('r');
      expect(await kept(page, 0)).toBe(CELLS);
      await looksLike(page, whole);
    }));

  test('is shown in both arms, moved by dragging, and told in the link, which opens it again', () =>
    onPage(async (page) => {
      await page.getByRole('button', { name: 'Zoom in' }).click();
      await kept(page, 1);
      const { x, y, width, height } = (await plots(page).nth(1).boundingBox())!;
      await page.mouse.move(x + 0.75 * width, y + 0.5 * height);
      await page.mouse.down();
      await page.mouse.move(x + 0.5 * width, y + 0.5 * height, { steps: 4 });
      await page.mouse.up();
      expect(await kept(page, 1)).toBeGreaterThanOrEqual((CELLS * 5) / 8);
      const ticks = await page.locator('divergence-map .x-ticks').allInnerTexts();
      expect(new Set(ticks).size).toBe(1);
      await using(await built.openTrainedByCpu(new URL(page.url()).hash), async (other) => {
        await kept(other, 1);
        await looksLike(other, await pictures(page));
      });
    }));

  test('a box, a double-click, keys, buttons, the small maps and history lead to views', () =>
    onPage(async (page) => {
      const level = async () => Number(await words(page).getAttribute('data-zoom'));
      await page.getByRole('button', { name: 'Whole' }).click();
      await kept(page, 0);
      const { x, y, width, height } = (await plots(page).first().boundingBox())!;
      await page.keyboard.down('Shift');
      await page.mouse.move(x + 0.1 * width, y + 0.1 * height);
      await page.mouse.down();
      await page.mouse.move(x + 0.3 * width, y + 0.3 * height, { steps: 3 });
      await page.mouse.up();
      await page.keyboard.up('Shift');
      await kept(page, 2);
      await plots(page).first().dblclick();
      await expect.poll(level).toBe(3);
      await plots(page).first().press('-');
      await expect.poll(level).toBe(2);
      const before = page.url();
      await page
        .locator('mini-map')
        .first()
        .click({ position: { x: 60, y: 44 } });
      await expect.poll(() => page.url()).not.toBe(before);
      await page.waitForTimeout(1100); // a step of the history of its own
      await page.getByRole('button', { name: 'Whole' }).click();
      await expect.poll(level).toBe(0);
      await page.getByRole('button', { name: 'The view before' }).click();
      await expect.poll(level).toBe(2);
      await page.getByRole('button', { name: 'The view after' }).click();
      await expect.poll(level).toBe(0);
    }));

  test('a frame is drawn on a small map, dragged and moved by key, and shown on both while it is', () =>
    onPage(async (page) => {
      const level = async () => Number(await words(page).getAttribute('data-zoom'));
      const centre = () => decodeView(new URL(page.url()).hash).map.zoom.x.centre;
      await plots(page).first().press('r');
      await expect.poll(level).toBe(0);
      const minis = page.locator('mini-map');
      await minis.nth(1).scrollIntoViewIfNeeded();
      const { x, y, width, height } = (await minis.nth(1).boundingBox())!;
      const at = (across: number, up: number) => [x + across * width, y + (1 - up) * height] as const;
      const drag = async (from: readonly [number, number], to: readonly [number, number]) => {
        await page.mouse.move(...from);
        await page.mouse.down();
        await page.mouse.move(...to, { steps: 3 });
      };
      const frames = () =>
        minis.locator('i:not(.drawn)').evaluateAll((all) => all.map(({ style }) => style.cssText));
      const [whole] = await frames();
      await drag(at(0.25, 0.25), at(0.7, 0.7));
      const aimed = await frames();
      expect(aimed[0]).not.toBe(whole);
      expect(aimed[1]).toBe(aimed[0]);
      await page.mouse.up();
      await expect.poll(level).toBe(1);
      expect(await frames()).toEqual(aimed);
      expect(centre()).toBeCloseTo(0.475, 1);
      await drag(at(0.5, 0.5), at(0.7, 0.5));
      await page.mouse.up();
      await expect.poll(centre).toBeCloseTo(0.675, 1);
      const before = centre();
      await minis.first().press('ArrowLeft');
      await expect.poll(centre).toBeCloseTo(before - 0.125, 5);
      expect(await level()).toBe(1);
    }));

  test('two fingers go in and out', () =>
    onPage(async (page) => {
      await plots(page).first().press('r');
      await kept(page, 0);
      await plots(page)
        .first()
        .evaluate((plot) => {
          const { left, top, width, height } = plot.getBoundingClientRect();
          const touch = (type: string, pointerId: number, x: number) =>
            plot.dispatchEvent(
              new PointerEvent(type, {
                pointerId,
                pointerType: 'touch',
                clientX: left + x * width,
                clientY: top + height / 2,
                bubbles: true,
              }),
            );
          touch('pointerdown', 1, 0.45);
          touch('pointerdown', 2, 0.55);
          touch('pointermove', 1, 0.3);
          touch('pointermove', 2, 0.7);
          touch('pointerup', 1, 0.3);
        });
      await kept(page, 2);
    }));
});

test(
  'where float32 ends, the CPU trains in float64, which is said; the GPU trains the whole again',
  { timeout: PATIENCE },
  async () => {
    await using(await built.open(`${SMALL}&view.zoom=24,0.61803398875;24,0.5`), async (page) => {
      await kept(page, 24);
      expect(await page.locator('view-bar [data-precision=float64]').innerText()).toContain('64 × 64');
      expect(await page.locator('adapter-panel [data-compute]').innerText()).toMatch(
        /^CPU reference engine, float64/,
      );
      await page.getByRole('button', { name: 'Whole' }).click();
      await kept(page, 0);
      expect(await page.locator('view-bar [data-precision]').count()).toBe(0);
      expect(await page.locator('adapter-panel [data-compute]').innerText()).toContain('(software adapter)');
    });
  },
);
