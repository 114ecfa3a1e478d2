import type { Page } from 'puppeteer-core';
import { expect, test } from 'vitest';
import { parseExperimentBytes } from '../../src/experiment/parse';
import { decodeView } from '../../src/ui/page/view_state';
import { decodePng } from '../decode_png';
import { appeared, count, ended, pagesInFirefox, PATIENCE, SMALL, words } from './pages';

const using = pagesInFirefox();

/** What tells the colours of the first map from others. */
const colours = (page: Page) =>
  page.$eval('>>> divergence-map >>> canvas.cells', (canvas) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Uint32Array(data.buffer).join();
  });

const PATIENTLY = { timeout: PATIENCE };

async function repainted(page: Page, change: () => Promise<unknown>): Promise<void> {
  const before = await colours(page);
  await change();
  await expect.poll(() => colours(page), PATIENTLY).not.toBe(before);
}

/** Where an element stands, once it is in view. */
async function boxOf(page: Page, selector: string, at = 0) {
  const element = (await page.$$(`>>> ${selector}`))[at]!;
  await element.evaluate((it) => it.scrollIntoView({ block: 'nearest' }));
  return (await element.boundingBox())!;
}

/** Drags from one place of an element to another: shares of its width, and of its height from above. */
async function dragged(
  page: Page,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  await page.mouse.move(x + from[0] * width, y + from[1] * height);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 4 });
  await page.mouse.up();
}

/** Presses the button whose name begins so, once it can be pressed. */
async function press(page: Page, name: string): Promise<void> {
  const named = async () => {
    const buttons = await page.$$('>>> button');
    const names = await Promise.all(
      buttons.map((button) =>
        button.evaluate((it) =>
          it.disabled ? '' : (it.getAttribute('aria-label') ?? it.textContent.trim()),
        ),
      ),
    );
    return buttons[names.findIndex((it) => it.startsWith(name))];
  };
  await expect.poll(async () => (await named()) !== undefined, PATIENTLY).toBe(true);
  await (await named())!.click();
}

test('maps are zoomed by wheel, by key and on the small map, and coloured by another number and by rank', async () => {
  await using(`#map?${SMALL}`, async (page) => {
    await ended(page, 'data-phase');
    const level = () => page.$eval('>>> view-bar >>> [data-zoom]', (it) => it.getAttribute('data-zoom'));
    const { x, y, width, height } = await boxOf(page, 'divergence-map >>> .plot');
    await page.mouse.move(x + 0.6 * width, y + 0.4 * height);
    await page.mouse.wheel({ deltaY: -120 });
    await expect.poll(level, PATIENTLY).toBe('1');
    await (await page.$('>>> divergence-map >>> .plot'))!.focus();
    await page.keyboard.press('+');
    await expect.poll(level, PATIENTLY).toBe('2');
    await page.keyboard.press('r');
    await expect.poll(level, PATIENTLY).toBe('0');
    await dragged(page, await boxOf(page, 'mini-map', 1), [0.25, 0.25], [0.7, 0.7]);
    await expect.poll(level, PATIENTLY).toBe('1');
    await appeared(page, 'divergence-map >>> .plot[data-filled="1.000"]');
    await ended(page, 'data-phase');
    const by = (await page.$('>>> map-colours >>> select[aria-label="Coloured by"]'))!;
    await repainted(page, () => by.select('lossFinal'));
    await repainted(page, () => press(page, 'by rank'));
    expect(page.url()).toMatch(
      /view\.colour=lossFinal.*view\.equalize=on|view\.equalize=on.*view\.colour=lossFinal/,
    );
  });
});

test('training is played; a cell is pinned and checked in float64; cells are selected by box', async () => {
  await using(`#map?${SMALL}`, async (page) => {
    await ended(page, 'data-phase');
    const trained = await colours(page);
    await repainted(page, () => press(page, '1 step further'));
    await expect
      .poll(() => words(page, 'step-player >>> [data-step]'), PATIENTLY)
      .toMatch(/^before step 0 of 30/);
    await repainted(page, () => press(page, '10 steps further'));
    await press(page, 'Trained maps');
    await expect.poll(() => colours(page), PATIENTLY).toBe(trained);

    const plot = await boxOf(page, 'divergence-map >>> .plot', 1);
    await page.mouse.click(plot.x + 0.3 * plot.width, plot.y + 0.7 * plot.height);
    await expect.poll(() => count(page, 'map-marks >>> [data-pin]'), PATIENTLY).toBe(3);
    await press(page, 'Check in float64');
    await expect.poll(() => count(page, '[data-float64]'), PATIENTLY).toBe(2);
    expect(await words(page, '[data-float64]')).toMatch(
      /: (?:the same in float64|(?:never|first) more than 1 % from float64)/,
    );

    await press(page, 'Selection');
    await press(page, 'Select on the maps');
    await dragged(page, await boxOf(page, 'divergence-map >>> .plot'), [0.3, 0.3], [0.7, 0.7]);
    await expect
      .poll(() => words(page, 'cell-selection >>> table'), PATIENTLY)
      .toContain('16 cells selected');
    await appeared(page, 'cell-selection >>> [data-drawn="32"]');
  });
});

test('a saved picture has its legend, and opens as its experiment', async () => {
  await using(`#map?${SMALL}`, async (page) => {
    await ended(page, 'data-phase');
    // Firefox's driver hands no downloads over: the page's own file is kept as it is made.
    await page.evaluate(() => {
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (file) => {
        Object.assign(window, { saved: file });
        return make(file);
      };
    });
    await press(page, 'Export');
    await press(page, 'Picture (PNG)');
    await expect.poll(() => page.evaluate(() => Reflect.has(window, 'saved')), PATIENTLY).toBe(true);
    const base64 = await page.evaluate(async () => {
      const bytes = new Uint8Array(await (Reflect.get(window, 'saved') as Blob).arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    });
    const bytes = Buffer.from(base64, 'base64');
    const { width, height, rgb } = decodePng(bytes);
    // Three maps, 480 wide and high, and around them text, which is dark on white.
    expect([width, height].map((side) => side > 480)).toEqual([true, true]);
    const above = rgb.subarray(0, 3 * width * 30);
    expect(above.some((channel) => channel < 64)).toBe(true);
    expect(above.filter((channel) => channel === 255).length).toBeGreaterThan(0.8 * above.length);
    const experiment = parseExperimentBytes(bytes);

    await page.locator('>>> [data-preset=sigmoid-two-layer]').click();
    await expect.poll(async () => page.url(), PATIENTLY).toContain('sigmoid-two-layer');
    await page.$eval(
      'normscape-app',
      (app, base64) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'map.png'));
        app.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
      },
      base64,
    );
    await expect
      .poll(async () => decodeView(new URL(page.url()).hash).experiment, PATIENTLY)
      .toEqual(experiment);
    await ended(page, 'data-phase');
  });
});

test('a saved view and a sweep that is not finished outlast a reload', async () => {
  await using('#map?preset=chain&optimizer.steps=1000&view.grid=8', async (page) => {
    const unfold = async () => {
      await appeared(page, 'view-gallery >>> summary');
      await (await page.$('>>> view-gallery >>> summary'))!.click();
    };
    await appeared(page, '[data-phase=training]'); // nothing moves any more
    await unfold();
    await press(page, 'Save this view');
    await appeared(page, 'view-gallery >>> [data-views="1"]');
    await appeared(page, 'keeping-panel >>> [data-kept="1"]');
    await page.reload();
    await appeared(page, 'view-gallery >>> [data-views="1"]');
    await appeared(page, 'keeping-panel >>> [data-taken]');
    expect(await words(page, 'keeping-panel >>> [data-taken]')).toMatch(
      /Taken up where it was left: \d+ of 128/,
    );
    await ended(page, 'data-phase');
    await unfold();
    expect(await page.$eval('>>> view-gallery >>> li img', (img) => img.naturalWidth)).toBeGreaterThan(0);
  });
});

test('the Chain rule tab shows factors that multiply to its gradient', async () => {
  await using(`#chain?${SMALL}`, async (page) => {
    await appeared(page, 'table[data-factors="1"]');
    for (const arm of [0, 1]) {
      const table = `table[data-factors="${arm}"]`;
      const factors = await page.$$eval(`>>> ${table} [data-factor]`, (cells) =>
        cells.map((cell) => Number(cell.getAttribute('data-factor'))),
      );
      const product = await page.$eval(`>>> ${table} [data-product]`, (it) =>
        Number(it.getAttribute('data-product')),
      );
      expect(factors.reduce((a, b) => a * b) / product).toBeCloseTo(1, 9);
    }
  });
});
