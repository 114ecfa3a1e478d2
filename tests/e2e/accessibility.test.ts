import axe from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tried } from '../every';
import { done, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=20&view.grid=8';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** What axe finds wrong, with where; every rule that it has by default. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations: all } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
    return all.map(({ id, nodes }) => [id, nodes.map(({ target }) => target.flat().join(' '))] as const);
  });
  return found.map(([id, nodes]) => `${id}: ${nodes.slice(0, 5).join(', ')}`);
}

/** States of the page, each led to from the one before. */
const STATES: readonly (readonly [name: string, lead: (page: Page) => Promise<unknown>])[] = [
  ['the maps', done],
  ['every setting unfolded', unfold],
  [
    'an entry refused',
    async (page) => {
      await page.getByRole('textbox', { name: 'momentum', exact: true }).fill('x');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').waitFor();
    },
  ],
  [
    'a part of the maps, a cell pinned',
    async (page) => {
      await page.locator('divergence-map .plot').first().press('+');
      await page.locator('view-bar [data-zoom="1"]').waitFor();
      await done(page);
      await page.locator('divergence-map .plot').first().click();
    },
  ],
  ['a slice', (page) => page.getByRole('button', { name: 'Slice', exact: true }).click()],
  [
    'cells selected, and a state left out',
    async (page) => {
      await page.getByRole('button', { name: 'Selection', exact: true }).click();
      await page.getByRole('checkbox', { name: 'stuck' }).uncheck();
      await page.locator('divergence-map .plot').first().press('s');
      for (const key of ['ArrowLeft', 'Enter', 'ArrowUp', 'Enter']) await page.keyboard.press(key);
      await page.getByText('2 cells selected').waitFor();
      await page.keyboard.press('Escape');
    },
  ],
  ['help', (page) => page.keyboard.press('?')],
  [
    'the Kernels tab',
    async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Kernels' }).click();
    },
  ],
];

async function unfold(page: Page): Promise<void> {
  const fold = page.getByRole('button', { name: 'Experiment', exact: true });
  if (await fold.isVisible()) await fold.click();
  for (const group of await page.locator('summary').all()) await group.click();
}

describe.each(
  tried(
    [{ width: 1440, theme: 'light' }],
    [
      { width: 1440, theme: 'dark' },
      { width: 390, theme: 'light' },
      { width: 390, theme: 'dark' },
    ],
  ),
)('$width wide, $theme', ({ width, theme }) => {
  const onPage = onePage(
    () => built.openTrainedByCpu(`${SMALL}&view.theme=${theme}`),
    (page) => page.setViewportSize({ width, height: 900 }),
  );
  test.each(STATES)('axe finds nothing wrong with %s', (_name, lead) =>
    onPage(async (page) => {
      await lead(page);
      expect(await violations(page)).toEqual([]);
    }),
  );
});
