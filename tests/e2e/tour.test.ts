import axe from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STOPS } from '../../src/ui/tour/stops';
import { sideways } from './boxes';
import { PATIENCE, using, type BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** A map that is soon trained; the tour keeps its grid. */
const SMALL = '#map?preset=chain&optimizer.steps=20&view.grid=8';

const title = (page: Page) => page.locator('tour-panel h2');
const marks = (page: Page, state: string) => page.locator(`tour-panel [data-state=${state}]`);
const follow = (page: Page, name: string | RegExp) =>
  page.locator('tour-panel').getByRole('link', { name }).click();

/** What axe finds wrong. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations: all } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
    return all.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
  });
}

async function expectStop(page: Page, number: number): Promise<void> {
  const { title: words } = STOPS[number - 1]!;
  await page.locator('tour-panel h2', { hasText: words }).waitFor();
  expect(await title(page).innerText()).toContain(`Tour, ${number} of ${STOPS.length}`);
  expect(await page.locator('tour-panel math').first().boundingBox()).toMatchObject({
    width: expect.any(Number),
  });
  expect(page.url()).toContain(`view.tour=${number}`);
}

test('a reader on a phone goes from the question through all stops', { timeout: PATIENCE }, () =>
  built.openTrainedByCpu(SMALL).then((opened) =>
    using(opened, async (page) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.getByRole('link', { name: 'Tour', exact: true }).click();
      await expectStop(page, 1);
      await marks(page, 'holds').waitFor({ timeout: PATIENCE });
      expect(await marks(page, 'holds').innerText()).toMatch(/slope −\d.*theory −8$/);
      expect(await violations(page)).toEqual([]);
      // Who touches the maps sees them.
      await page.getByRole('button', { name: 'Fold', exact: true }).click();
      expect(await page.locator('tour-panel').evaluate((panel) => panel.clientHeight)).toBeLessThan(70);
      await page.getByRole('button', { name: 'Read', exact: true }).click();
      for (let number = 2; number <= STOPS.length; number += 1) {
        await follow(page, /^Next/);
        await expectStop(page, number);
        expect(await sideways(page)).toBe(0);
        // What is read next has the focus, wherever the panel stands now.
        expect(await title(page).evaluate((heading) => heading.matches(':focus'))).toBe(true);
      }
      await follow(page, /^Back/);
      await expectStop(page, STOPS.length - 1);
      await page.goBack();
      await expectStop(page, STOPS.length);
      await page.getByRole('link', { name: 'Leave the tour' }).click();
      await page.locator('tour-panel').waitFor({ state: 'detached' });
    }),
  ),
);

test('on a wide page the stop stands beside its tab, and a reader can change what it shows', async () => {
  const second = `${SMALL.replace('map', 'chain')}&view.tour=2&view.chain.rate=0.7&view.chain.scale=4`;
  await using(await built.openTrainedByCpu(second), async (page) => {
    await marks(page, 'holds').nth(1).waitFor();
    const [panel, tab] = [
      await page.locator('tour-panel').boundingBox(),
      await page.locator('chain-tab').boundingBox(),
    ];
    expect(panel!.x + panel!.width).toBeLessThanOrEqual(tab!.x + 1);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'weights' }).selectOption('3');
    await page.getByRole('slider', { name: 'learning rate η' }).press('Home');
    await marks(page, 'open').waitFor();
    expect(await marks(page, 'open').innerText()).toContain('choose η between 0.667 and 1');
    await follow(page, 'As the stop has it');
    await marks(page, 'holds').nth(1).waitFor();
    // The other tabs are where they were, and the tour is still there.
    await page.getByRole('link', { name: 'Kernels' }).click();
    await page.locator('kernels-tab').waitFor();
    await follow(page, 'As the stop has it');
    await page.locator('chain-tab').waitFor();
  });
});

test('where the page computes wrongly the mark turns', async () => {
  const spoilt = () => {
    const { sqrt } = Math;
    Math.sqrt = (value) => sqrt(value + 1); // so that σ is none
  };
  await using(await built.openTrainedByCpu('#tour=2', spoilt), async (page) => {
    await marks(page, 'fails').first().waitFor();
    expect(await marks(page, 'fails').first().innerText()).toContain('does not hold');
  });
});
