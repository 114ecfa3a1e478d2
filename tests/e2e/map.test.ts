import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE, done, settledMaps, using, withoutWebGpu, type BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

/** A real experiment that a software adapter trains in seconds. */
const SMALL_QUERY = 'preset=chain&optimizer.steps=30&view.grid=8';
const SMALL = `#map?${SMALL_QUERY}`;

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** Colours of a map's cells; transparent ones read 0. */
async function colours(page: Page, map: number): Promise<number[]> {
  return page
    .locator('divergence-map canvas.cells')
    .nth(map)
    .evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return [...new Uint32Array(data.buffer)];
    });
}

async function filled(page: Page, map: number): Promise<void> {
  await expect.poll(async () => (await colours(page, map)).every((colour) => colour !== 0)).toBe(true);
}

test(
  'the page opens with both maps and the headline number, without a click',
  () =>
    built.open().then((page) =>
      using(page, async () => {
        await page
          .locator('headline-number [data-arm="1"] dd', { hasText: /\d/ })
          .waitFor({ timeout: PATIENCE });
        await expect
          .poll(async () => (await colours(page, 1)).filter((colour) => colour !== 0).length, {
            timeout: PATIENCE,
          })
          .toBeGreaterThan(0);
        expect(new Set(await colours(page, 0)).size).toBeGreaterThan(2);
        expect(await page.locator('headline-number p').innerText()).toMatch(
          /Largest learning rate .* initial gain/,
        );
        expect(await page.getByText(/\d+ × \d+ cells: about .* on this software adapter/).count()).toBe(1);
        expect(await page.locator('[data-compute=software-adapter]').innerText()).toContain('float32');
      }),
    ),
  PATIENCE + 60_000,
);

test('a preset changes the maps, and back leads to the one before', async () => {
  await using(await built.openTrainedByCpu(SMALL), async (page) => {
    await done(page);
    await filled(page, 1);
    await page.locator('[data-preset=sigmoid-two-layer]').click();
    await page.locator('.y-label', { hasText: 'initial gain' }).first().waitFor();
    expect(page.url()).toContain('preset=sigmoid-two-layer');
    expect(await page.locator('[data-preset=sigmoid-two-layer]').getAttribute('aria-pressed')).toBe('true');
    await page.goBack();
    await done(page);
    expect(page.url()).toContain(SMALL_QUERY);
  });
});

test('a link reopens the same view', async () => {
  await using(await built.openTrainedByCpu(SMALL), async (page) => {
    await done(page);
    await page.getByLabel('Colours').selectOption('orchid');
    await page.getByLabel('Theme').selectOption('dark');
    const map = page.getByRole('application').first();
    await map.focus();
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
    await filled(page, 2);
    await settledMaps(page);
    const [url, words] = [page.url(), await page.locator('trial-panel .small').first().innerText()];
    await using(await built.openTrainedByCpu(new URL(url).hash), async (again) => {
      await done(again);
      await filled(again, 2);
      await settledMaps(again);
      // What was painted last may still be on its way, in either.
      const pictures = () => Promise.all([page, again].map(async (one) => (await colours(one, 1)).join()));
      await expect
        .poll(async () => new Set(await pictures()).size, { timeout: PATIENCE / 4, message: 'alike' })
        .toBe(1);
      expect(await again.locator('trial-panel .small').first().innerText()).toBe(words);
      expect(await again.locator('html').getAttribute('data-theme')).toBe('dark');
      expect(again.url()).toBe(url);
    });
  });
});

describe('the crosshair', () => {
  test('shows its cell’s trial in both arms', async () => {
    await using(await built.openTrainedByCpu(SMALL), async (page) => {
      await done(page);
      const box = (await page.getByRole('application').nth(1).boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.9);
      await page.locator('[data-traced=yes]').nth(1).waitFor();
      const loss = page.getByRole('img', { name: /^Loss by step/ });
      expect(await loss.getAttribute('data-points')).toBe('30,30');
      const norms = page.getByRole('img', { name: /^Gradient norm by step/ });
      expect(await norms.getAttribute('data-points')).toBe('30,30');
      expect(await page.locator('trial-panel li').allInnerTexts()).toEqual([
        expect.stringMatching(/^without batch norm: (converged|already|slow|stuck|diverged|dead)/),
        expect.stringMatching(/^with batch norm: (converged|already|slow|stuck|diverged|dead)/),
      ]);
    });
  });

  test('moves by key and is read out', async () => {
    await using(await built.openTrainedByCpu(SMALL), async (page) => {
      await done(page);
      const map = page.getByRole('application').first();
      await map.focus();
      await page.keyboard.press('ArrowLeft');
      await expect
        .poll(() => page.getByRole('status').first().innerText())
        .toMatch(/^learning rate η = .*; without batch norm: .*; with batch norm: /);
      expect(page.url()).toContain('view.at=');
      await page.keyboard.press('Escape');
      expect(page.url()).not.toContain('view.at=');
    });
  });
});

test('pause holds the sweep, and resume lets it go on', async () => {
  await using(await built.open('#map?preset=chain&optimizer.steps=3000&view.grid=12'), async (page) => {
    await page.getByRole('button', { name: 'Pause' }).click({ timeout: PATIENCE });
    await page.locator('[data-phase=paused]').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('[data-phase=training]').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('[data-phase=stopped]').waitFor();
  });
});

test.each([
  ['no-webgpu', 'This browser has no WebGPU', withoutWebGpu],
  [
    'insecure-context',
    'This page was not opened securely',
    () => {
      Reflect.deleteProperty(Navigator.prototype, 'gpu');
      Object.defineProperty(window, 'isSecureContext', { value: false });
    },
  ],
] as const)('without WebGPU (%s) the page says so, and trains on the CPU', async (state, title, prepare) => {
  await using(await built.open(SMALL, prepare), async (page) => {
    await page.locator(`[data-compute=${state}]`).waitFor();
    expect(await page.locator('adapter-panel [role=status]').innerText()).toContain(title);
    await done(page);
    await filled(page, 0);
    await filled(page, 1);
    expect(await page.locator('[data-compute]').innerText()).toMatch(
      /CPU reference engine, float64, \d+ worker/,
    );
  });
});

test('a wrong experiment in a link is refused with one message', async () => {
  await using(await built.open('#map?preset=init-gain&optimizer.steps=-3'), async (page) => {
    const messages = await page.getByRole('alert').allInnerTexts();
    expect(messages).toEqual([
      'This link cannot be opened. optimizer.steps: found -3, allowed: an integer from 1 to 1000000',
    ]);
  });
});
