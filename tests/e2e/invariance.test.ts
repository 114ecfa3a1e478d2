import axe from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sideways } from './boxes';
import { PATIENCE, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** When both measurements have ended. */
async function measured(page: Page): Promise<void> {
  const both = page.locator('invariance-tab [data-measured=done]');
  await both.nth(1).waitFor({ timeout: PATIENCE });
}

const powers = (page: Page) =>
  page
    .locator('scale-charts [data-power]')
    .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-power'))));

describe('the Scale invariance tab', () => {
  // In float64, as a software adapter would still compile when the reference has done.
  const onPage = onePage(
    () => built.openTrainedByCpu('#invariance?preset=chain&view.grid=8&view.invariance.engine=float64'),
    measured,
  );

  test('tells the powers of a that it measured, and on what', () =>
    onPage(async (page) => {
      expect(await page.locator('nav [aria-current=page]').innerText()).toBe('Scale invariance');
      const [input, normedInput, weights, normedWeights] = await powers(page);
      for (const [power, wanted] of [
        [input, 1],
        [normedInput, 0],
        [weights, 0],
        [normedWeights, -1],
      ] as const)
        expect(Math.abs(power! - wanted)).toBeLessThan(1e-3);
      expect(await page.locator('[data-measured]').first().innerText()).toContain('float64');
      const points = await page
        .locator('invariance-tab line-chart [data-points]')
        .evaluateAll((charts) =>
          charts.map((chart) => chart.getAttribute('data-points')!.split(',').map(Number)),
        );
      expect(points).toHaveLength(9);
      for (const [plain, normed] of points) expect(Math.min(plain!, normed!)).toBeGreaterThan(1);
    }));

  test('another ε moves the place where the law breaks', () =>
    onPage(async (page) => {
      const place = () => page.locator('scale-charts .words').innerText();
      expect(await place()).toContain('from a = 0.1 to 1000');
      await page.getByRole('combobox', { name: 'ε' }).selectOption('0');
      await page.locator('scale-charts', { hasText: 'With ε = 0' }).waitFor({ timeout: PATIENCE });
      expect(await place()).toContain('from a = 0.001 to 1000');
      expect(page.url()).toContain('view.invariance.epsilon=0');
      await measured(page);
    }));

  test('the slider, by the keyboard, shows another learning rate without training again', () =>
    onPage(async (page) => {
      const cells = () => page.locator('growth-charts [data-descent] td').allInnerTexts();
      const slider = page.getByRole('slider', { name: 'learning rate η' });
      await slider.press('End');
      await page.locator('growth-charts [data-descent]', { hasText: 'at η = 10000' }).waitFor();
      expect(await page.locator('[data-measured=done]').count()).toBe(2);
      const [plain, normed, ...rest] = await cells();
      expect(plain).toMatch(/^diverged after update \d+$/);
      expect(normed).not.toContain('diverged');
      expect(Number(rest.at(-1)!.replace('−', '-'))).toBeLessThan(1e-6);
      expect(page.url()).toContain('view.invariance.rate=10000');
    }));

  test('a rate that was not trained is refused in words', () =>
    onPage(async (page) => {
      const before = page.url();
      await page.goto(before.replace(/\?.*/, '?preset=chain&view.invariance.rate=2'));
      await page.getByText(/view\.invariance\.rate: found "2", allowed: "0\.001"/).waitFor();
      await page.goto(before);
    }));

  test('axe finds nothing wrong, and nothing is wider than a phone', () =>
    onPage(async (page) => {
      await measured(page);
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await sideways(page)).toBe(0);
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
      });
      expect(found).toEqual([]);
    }));
});
