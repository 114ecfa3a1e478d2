import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KERNEL_NAMES } from '../../src/bench/kernel_bench';
import { WORKLOADS } from '../../src/bench/workloads';
import type { MapTab } from '../../src/ui/map/map_tab';
import { tried } from '../every';
import { boxes, collisions, overlap, sideways } from './boxes';
import { PATIENCE, using, withoutWebGpu, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

const TINY = '#kernels?preset=chain&optimizer.steps=30&view.grid=8&view.size=tiny';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

const row = (page: Page, kernel: string) => page.locator(`tr[data-kernel=${kernel}]`);

describe('a link to the Kernels tab', () => {
  const onPage = onePage(() => built.open(TINY));

  test(
    'measures every kernel and every engine',
    () =>
      onPage(async (page) => {
        expect(await page.locator('nav [aria-current=page]').innerText()).toBe('Kernels');
        await page.locator('[data-bench=done]').waitFor({ timeout: PATIENCE });
        const rows = await page
          .locator('tr[data-kernel]')
          .evaluateAll((rows) =>
            rows.map((row) => [row.getAttribute('data-kernel'), row.getAttribute('data-values')]),
          );
        expect(rows.map(([kernel]) => kernel)).toEqual(KERNEL_NAMES);
        for (const [kernel, values] of rows)
          expect([kernel, values?.split(' ').map(Number).every(Number.isFinite)]).toEqual([kernel, true]);
        const engines = page.locator('table[data-engines] tbody tr');
        expect(await engines.count()).toBe(WORKLOADS.length);
        for (const words of await engines.allInnerTexts())
          expect(words).toMatch(/(\t[\d.]+(\u202f[kMG])?){3}$/);
        expect(await page.locator('kernels-tab dd').first().innerText()).toContain('(software adapter)');
        expect(await page.getByRole('img', { name: /^Roofline: \d+ kernels/ }).count()).toBe(1);
      }),
    PATIENCE + 60_000,
  );

  test('makes a report that can be copied as Markdown and downloaded as JSON', () =>
    onPage(async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Copy as Markdown' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const markdown = await page.evaluate(() => navigator.clipboard.readText());
      expect(markdown).toMatch(/^Measured .*\(software adapter\)/);
      expect(markdown).toContain('| bias_forward | 2 trials, 12 × 8 |');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download JSON' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('normscape-bench.json');
    }));

  test.each(tried([360], [1080, 1170, 1200, 1440]))(
    '%d wide, the tab is readable: no cell lies over another, and what is too wide scrolls in its own place',
    (width) =>
      onPage(async (page) => {
        await page.setViewportSize({ width, height: 800 });
        expect(await sideways(page)).toBe(0);
        const [tables, side] = await boxes(page.locator('.tables, kernels-tab .side'));
        expect(overlap(tables!, side!)).toBe(false);
        for (const row of await page.locator('tr[data-kernel]').all())
          expect(collisions(await boxes(row.locator('th, td')))).toEqual([]);
        const beyond = await page
          .locator('.tables')
          .evaluate(
            (region) =>
              region.scrollWidth - region.clientWidth > 0 && getComputedStyle(region).overflowX !== 'auto',
          );
        expect(beyond).toBe(false);
        const cells = page.locator('tr[data-kernel] > *');
        expect(
          await cells.evaluateAll(
            (all) => all.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).length,
          ),
        ).toBe(0);
      }),
  );

  test('measures another size, which then stands in the link', () =>
    onPage(async (page) => {
      expect(await page.locator('option[value=square-4096]').isDisabled()).toBe(true);
      await page.getByLabel('Size').selectOption('square-512');
      await page.locator('tr[data-kernel=matmul]').waitFor({ state: 'detached' });
      expect(page.url()).toContain('view.size=square-512');
    }));
});

test('the sweep waits while kernels are measured, and goes on after', async () => {
  const long = '#map?preset=chain&optimizer.steps=20000&view.grid=24&view.size=tiny';
  await using(await built.open(long), async (page) => {
    const map = await page.locator('map-tab').evaluateHandle((tab: MapTab) => tab.map);
    const trained = () => map.evaluate(({ sweep }) => sweep.progress?.trialSteps ?? 0);
    await page.getByRole('link', { name: 'Kernels' }).click();
    await row(page, 'matmul').waitFor({ timeout: PATIENCE });
    const before = await trained();
    await row(page, 'tanh_forward').waitFor({ timeout: PATIENCE });
    expect(await trained()).toBe(before);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.locator('[data-bench=idle]').waitFor();
    await expect.poll(trained, { timeout: PATIENCE }).toBeGreaterThan(before);
    await page.getByRole('link', { name: 'Map' }).click();
    await page.locator('[data-phase=training]').waitFor({ timeout: PATIENCE });
    const [, query = ''] = long.split('?');
    expect(page.url()).toMatch(/#map\?check=\w{6}&/);
    expect(page.url()).toContain(query);
  });
});

test('without WebGPU the tab says so', async () => {
  await using(await built.open(TINY, withoutWebGpu), async (page) => {
    await page.locator('[data-bench=failed]').waitFor({ timeout: PATIENCE });
    expect(await page.locator('.problem').innerText()).toContain('This browser has no WebGPU');
  });
});
