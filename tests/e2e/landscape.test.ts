import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sideways } from './boxes';
import { PATIENCE, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** Few steps of Goodfellow's chain. */
const CHAIN =
  '#landscape?preset=chain&view.grid=8&view.landscape.net=map&view.landscape.steps=6&view.landscape.every=2';

describe('the Landscape tab', () => {
  const onPage = onePage(
    () => built.openTrainedByCpu(CHAIN),
    (page) => page.locator('[data-rates=done]').waitFor({ timeout: PATIENCE }),
  );

  test('measures along training, sharpness in float64, and over learning rates', () =>
    onPage(async (page) => {
      expect(await page.locator('nav [aria-current=page]').innerText()).toBe('Landscape');
      await page.locator('[data-path=done][data-sharpness=done]').waitFor();
      // The Hessian of a chain of five weights 1.25 at x² = 1: p(5p + 4(p − 1))/w² of p = 1.25⁵.
      const p = 1.25 ** 5;
      const wanted = (5 * p * p + 4 * p * (p - 1)) / 1.25 ** 2;
      const row = page.getByRole('row', { name: 'λ of the Hessian' });
      const found = Number(await row.locator('[data-start]').first().getAttribute('data-start'));
      expect(found / wanted).toBeCloseTo(1, 3);
      const chart = page.getByRole('img', { name: /^Effective β-smoothness/ });
      await expect.poll(() => chart.getAttribute('data-points')).toBe('3,3');
      expect(await page.getByRole('application').count()).toBe(2);
      await expect
        .poll(() => page.getByRole('application').first().getAttribute('data-filled'))
        .toBe('1.000');
    }));

  test('a map is read by the keyboard, and Enter draws the charts at its rate', () =>
    onPage(async (page) => {
      const map = page.getByRole('application').first();
      await map.press('End');
      await expect.poll(() => page.locator('measure-map p').first().innerText()).toMatch(/^η = 10, step 0: /);
      await map.press('Enter');
      await expect.poll(() => page.url()).toContain('view.landscape.rate=10');
      await page.locator('[data-path=done]').waitFor();
      expect(await page.locator('[data-diverged="0"]').innerText()).toMatch(/^\d$/);
      await page.getByRole('combobox', { name: 'colour' }).selectOption('variation');
      expect(page.url()).toContain('view.landscape.measure=variation');
    }));

  test('the shift is that of the layer and the step that are chosen, as the link says', () =>
    onPage(async (page) => {
      await page.getByRole('slider', { name: 'learning rate η' }).press('Home');
      await page.locator('[data-path=done][data-sharpness=done]').waitFor();
      await page.getByRole('combobox', { name: 'by step: of layer' }).selectOption('5');
      await page.getByRole('slider', { name: 'by layer: at step' }).press('Home');
      expect(page.url()).toMatch(/view\.landscape\.layer=5&view\.landscape\.at=0/);
      await page.getByRole('img', { name: /^cos\(G, G′\) by layer at step 0/ }).waitFor();
      await page.getByRole('img', { name: /^\|G − G′\| of layer 5 by step/ }).waitFor();
    }));

  test('axe finds nothing wrong, and nothing is wider than a phone', () =>
    onPage(async (page) => {
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
