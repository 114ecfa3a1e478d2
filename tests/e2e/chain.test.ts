import axe from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sideways } from './boxes';
import type { BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

const number = (page: Page, selector: string, name: string) =>
  page.locator(selector).evaluate((element, name) => Number(element.getAttribute(name)), name);

describe('the Chain rule tab', () => {
  const onPage = onePage(
    () => built.openTrainedByCpu('#chain?preset=chain&optimizer.steps=20&view.grid=8&view.chain.layer=3'),
    (page) => page.locator('table[data-factors="1"]').waitFor(),
  );

  test('the factors that are shown multiply to the gradient that is shown', () =>
    onPage(async (page) => {
      expect(await page.locator('nav [aria-current=page]').innerText()).toBe('Chain rule');
      for (const arm of [0, 1]) {
        const table = page.locator(`table[data-factors="${arm}"]`);
        const factors = await table
          .locator('[data-factor]')
          .evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-factor'))));
        const product = Number(await table.locator('[data-product]').getAttribute('data-product'));
        expect(factors.reduce((a, b) => a * b) / product).toBeCloseTo(1, 9);
      }
      // abcde without c, times the error (p − 1) and the mean square of x, which is 1.
      const wanted = 1.25 ** 4 * (1.25 ** 5 - 1);
      expect((await number(page, '[data-factors="0"] [data-product]', 'data-product')) / wanted).toBeCloseTo(
        1,
        5,
      );
    }));

  test('a slider multiplies a weight, by the keyboard: without batch norm the gradient changes', () =>
    onPage(async (page) => {
      const slider = page.getByRole('slider', { name: 'by a' });
      await slider.press('End');
      await page.locator('tr.grows').first().waitFor();
      expect(page.url()).toContain('view.chain.scale=10');
      // With batch norm a weight times 10 stands beside a γ/σ divided by 10.
      const ratios = await page.locator('table[data-factors="0"] tr.grows [scope=row]').allTextContents();
      expect(ratios.join()).toContain('|w₂|');
      await page.getByRole('combobox', { name: 'multiply' }).selectOption('5');
      const shown = await page.locator('table[data-factors="1"] tr.grows').allTextContents();
      expect(shown.join()).toContain('|w₅|');
      await slider.press('Home');
      expect(page.url()).toContain('view.chain.scale=0.1');
    }));

  test('steps are made one at a time and played, and descent diverges before the reader’s eyes', () =>
    onPage(async (page) => {
      const loss = () => number(page, '[data-arm="0"] [data-loss]', 'data-loss');
      const before = await loss();
      await page.getByRole('button', { name: 'One step' }).click();
      await page.locator('[data-step="1"]').waitFor();
      expect(await loss()).not.toBe(before);
      await page.getByRole('slider', { name: 'learning rate η' }).press('End');
      await page.locator('[data-step="0"]').waitFor();
      await page.getByRole('button', { name: 'Play' }).click();
      await page.locator('[data-arm="0"] [data-state=diverged]').waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      expect(page.url()).toMatch(/view\.chain\.step=\d+/);
      const step = await page.locator('[data-step]').getAttribute('data-step');
      const end = await loss();
      await page.reload();
      await page.locator(`[data-step="${step}"]`).waitFor();
      expect(await loss()).toBe(end);
    }));

  test.each(['chain', 'network'])('%s: axe finds nothing wrong, and nothing is wider than a phone', (kind) =>
    onPage(async (page) => {
      await page.getByRole('combobox', { name: 'kind' }).selectOption(kind);
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await sideways(page)).toBe(0);
      await page.evaluate(axe.source);
      const found = await page.evaluate(async () => {
        const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
      });
      expect(found).toEqual([]);
    }),
  );
});
