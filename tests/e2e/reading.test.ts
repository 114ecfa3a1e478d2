import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { boxes } from './boxes';
import { PATIENCE, done, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

const onPage = onePage(
  () =>
    built.openTrainedByCpu(
      '#map?preset=chain&model.hidden=[1,1]&optimizer.steps=40&replicates=2&view.grid=8',
    ),
  done,
);

/** The colours of the first map, cell by cell. */
async function colours(page: Page): Promise<string> {
  return page
    .locator('divergence-map canvas.cells')
    .first()
    .evaluate((canvas: HTMLCanvasElement) =>
      new Uint32Array(
        canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data.buffer,
      ).join(),
    );
}

/** What all of the sweep's training so far is told as: it must stay as it is. */
const trained = (page: Page) => page.locator('sweep-progress [data-phase=done]').innerText();

async function repainted(page: Page, change: () => Promise<unknown>): Promise<void> {
  const before = await colours(page);
  await change();
  await expect.poll(() => colours(page), { timeout: PATIENCE }).not.toBe(before);
}

test('maps are recoloured without training', { timeout: PATIENCE }, async () => {
  await onPage(async (page) => {
    const progress = await trained(page);
    const by = page.getByLabel('Coloured by');
    for (const colouring of ['class', 'score', 'lossFinal', 'divergedAt', 'share', 'outcome'])
      await repainted(page, () => by.selectOption(colouring));
    const ranked = page.getByRole('button', { name: 'by rank' });
    await repainted(page, () => ranked.click());
    expect([page.url().includes('view.equalize=on'), await ranked.getAttribute('aria-pressed')]).toEqual([
      true,
      'true',
    ]);
    await repainted(page, () => ranked.click());
    expect(await trained(page)).toBe(progress);
  });
});

test('the ends of the colour range are dragged on the legend, or moved by keys, and go back', async () => {
  await onPage(async (page) => {
    const progress = await trained(page);
    const automatic = page.getByRole('button', { name: 'automatic' });
    expect(await automatic.isDisabled()).toBe(true);
    const first = page.getByRole('slider', { name: /^First colour/ });
    await first.scrollIntoViewIfNeeded();
    const [thumb] = await boxes(first);
    const [x, y] = [(thumb!.x + thumb!.right) / 2, (thumb!.y + thumb!.bottom) / 2];
    await repainted(page, async () => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 60, y, { steps: 4 });
      await page.mouse.up();
    });
    const [moved] = await boxes(first);
    expect((moved!.x + moved!.right) / 2 - x).toBeGreaterThan(30);
    expect(page.url()).toMatch(/view\.range=[\d.e-]+,[\d.e-]+/);
    const dragged = await first.getAttribute('aria-valuenow');

    await first.focus();
    await page.keyboard.press('ArrowRight');
    expect(Number(await first.getAttribute('aria-valuenow'))).toBeLessThan(Number(dragged));
    await repainted(page, () => first.dblclick());
    expect(page.url()).not.toContain('view.range');
    expect(await automatic.isDisabled()).toBe(true);
    expect(await trained(page)).toBe(progress);
  });
});

test('a cell’s values stand beside the pointer, and move nothing', async () => {
  await onPage(async (page) => {
    const map = page.locator('divergence-map').first();
    const readout = map.locator('cell-readout > *').first();
    const before = await boxes(page.locator('.plot, map-status, trial-panel'));
    expect(await readout.isVisible()).toBe(false);
    await map.locator('.plot').hover({ position: { x: 40, y: 60 } });
    const text = await readout.innerText();
    expect(text).toMatch(/learning rate η = [^]*initial gain = [^]*final loss\s+score/);
    for (const name of ['without batch norm', 'with batch norm'])
      expect(text).toMatch(new RegExp(`${name}\\s+(converged|already|slow|stuck|diverged|dead)\\s+[\\d.]`));
    expect(await boxes(page.locator('.plot, map-status, trial-panel'))).toEqual(before);
    await expect
      .poll(() => page.locator('[aria-live]').first().textContent())
      .toMatch(/without batch norm: .*, score .*, final loss/);
    await page.mouse.move(5, 5);
    expect(await readout.isVisible()).toBe(false);
  });
});

test('the boundary is drawn and measured, beside what theory says; realistic rates are marked', async () => {
  await onPage(async (page) => {
    const overlay = page.locator('map-overlay').first();
    // Of a chain of three on a unit target: 2/3, and a line for large gains.
    expect((await page.locator('theory-findings li').allInnerTexts()).join('\n')).toMatch(
      /= 0\.667[^]*gain\s*−4/,
    );
    expect(await overlay.locator('svg.prediction .over').count()).toBe(2);
    const [band] = await boxes(overlay.locator('.band'));
    const [plot] = await boxes(page.locator('.plot').first());
    expect((band!.right - plot!.x) / (plot!.right - plot!.x)).toBeCloseTo((0.5 + 0.8 * 7) / 8, 2);

    expect(await overlay.locator('svg:not(.prediction)').count()).toBe(0);
    await page.getByRole('button', { name: 'boundary' }).click();
    await overlay.locator('svg:not(.prediction) .over').waitFor();
    expect(await overlay.locator('svg:not(.prediction) .over').getAttribute('d')).toMatch(/^M\d+ \d+[VH]\d+/);
    expect(await page.locator('boundary-findings li').first().innerText()).toContain(
      'too few cells: 32 × 32 tell',
    );
    await page.getByRole('button', { name: 'theory' }).click();
    expect(await page.locator('theory-findings, svg.prediction').count()).toBe(0);
    expect(page.url()).toContain('view.boundary=on&view.theory=off');

    // 2/|λ| of the starts, measured where maps are coloured by it, as a third line.
    await page.getByRole('button', { name: 'theory' }).click();
    await page.getByLabel('Coloured by').selectOption('sharpnessInitial');
    // In pieces until each row is measured.
    await expect.poll(() => overlay.locator('svg.measured .over').count(), { timeout: 20_000 }).toBe(1);
    expect(await overlay.locator('svg.prediction .over').count()).toBe(3);
    expect((await page.locator('theory-findings li').allInnerTexts()).join('\n')).toContain('η = 2/|λ|');
  });
});
