import type { CDPSession, Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tried } from '../every';
import { boxes, collisions, sideways, type Box } from './boxes';
import { PATIENCE, done as sweepDone, using as usingPage, type BuiltPage } from './built_page';
import { onePage, sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=30&view.grid=8&view.size=tiny';

type Size = readonly [width: number, height: number];
const PHONES = tried<Size>([[390, 844]], [[360, 740]]);
const ALL = tried<Size>(
  [
    [360, 740],
    [1440, 900],
  ],
  [
    [390, 844],
    [768, 1024],
    [1100, 800],
    [1280, 800],
    [2560, 1440],
    [3840, 2160],
  ],
);

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** A page of this size from its first moment on, which counts by how much its parts were moved about. */
async function opened(fragment: string, [width, height]: readonly [number, number]): Promise<Page> {
  const page = await built.openTrainedByCpu('#map?preset=no', () => {
    Object.assign(window, { shifted: 0 });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ('value' in entry && 'hadRecentInput' in entry && !entry.hadRecentInput)
          Object.assign(window, { shifted: Number(Reflect.get(window, 'shifted')) + Number(entry.value) });
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.setViewportSize({ width, height });
  await page.evaluate((hash) => history.replaceState(null, '', hash), fragment);
  await page.reload();
  return page;
}

const using = async (
  fragment: string,
  size: readonly [number, number],
  check: (page: Page) => Promise<void>,
) => usingPage(await opened(fragment, size), check);

async function done(page: Page): Promise<void> {
  await sweepDone(page);
  await page.locator('[data-traced=yes]').nth(1).waitFor({ state: 'attached' });
}

describe.each(ALL)('at %d × %d', (width, height) => {
  const onPage = onePage(() => opened(SMALL, [width, height]), done);

  test('nothing moves while the page loads, scrolls sideways, or lies over something else', async () => {
    await onPage(async (page) => {
      expect(await page.evaluate(() => Reflect.get(window, 'shifted'))).toBeLessThan(0.05);
      expect(await sideways(page)).toBe(0);
      for (const map of await page.locator('divergence-map').all()) {
        expect(
          collisions(await boxes(map.locator('.x-ticks span, .y-ticks span, .x-label, .y-label'))),
        ).toEqual([]);
        expect(collisions(await boxes(map.locator('h2, header p')))).toEqual([]);
      }
      const charts = page.locator('line-chart');
      expect(collisions(await boxes(charts.locator('.x-ticks span, .y-ticks span')))).toEqual([]);
      // Reachable at once, without a look at the settings.
      for (const name of ['Open …', 'Export', 'Copy link'])
        expect(await page.getByRole('button', { name }).boundingBox()).toSatisfy(
          (box: { y: number; height: number }) => box.y + box.height < height,
        );
    });
  });

  if (width >= 1440)
    test('the maps use the height there is, and the page needs no scrolling', async () => {
      await onPage(async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);
        const parts = await boxes(
          page.locator('divergence-map, trial-panel, headline-number, sweep-progress'),
        );
        const lowest = Math.max(...parts.map(({ bottom }) => bottom));
        expect(lowest).toBeLessThanOrEqual(height);
        expect(lowest).toBeGreaterThan(0.95 * height);
        const area = (all: readonly Box[]) =>
          all.reduce((sum, { x, y, right, bottom }) => sum + (right - x) * (bottom - y), 0);
        const [maps, charts] = [await boxes(page.locator('.plot')), await boxes(page.locator('line-chart'))];
        expect(area(maps) / (width * height)).toBeGreaterThan(0.22);
        expect(area([...maps, ...charts]) / (width * height)).toBeGreaterThan(0.37);
      });
    });

  test('what can be pressed is large enough, has a name, and is reached in the order that is seen', async () => {
    await onPage(async (page) => {
      const reached: Box[] = [];
      for (;;) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
          let element = document.activeElement;
          while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
          if (!element || element === document.body) return undefined;
          const { x, y, right, bottom } = element.getBoundingClientRect();
          const labels =
            element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : [];
          const what =
            element.getAttribute('aria-label') ??
            (labels?.[0]?.textContent || element.textContent)?.trim() ??
            '';
          const main = element.localName === 'button';
          // What lies there, in whichever shadow, must be this element or a part of it: nothing covers it.
          const at = [(x + right) / 2, (y + bottom) / 2] as const;
          let hit = document.elementFromPoint(...at);
          while (hit?.shadowRoot && hit !== element) {
            const inner: Element | null = hit.shadowRoot.elementFromPoint(...at);
            if (!inner || inner === hit) break;
            hit = inner;
          }
          return { x, y, right, bottom, what, main, seen: element.contains(hit) };
        });
        if (!at || (reached.length > 0 && at.what === reached[0]!.what)) break;
        reached.push(at);
        expect(at.what, JSON.stringify(at)).not.toBe('');
        expect(at.seen, at.what).toBe(true);
        expect(Math.min(at.right - at.x, at.bottom - at.y), at.what).toBeGreaterThanOrEqual(24);
        const least = at.main && width < 760 ? 44 : 24;
        expect(at.bottom - at.y, at.what).toBeGreaterThanOrEqual(least);
      }
      expect(reached.map(({ what }) => what)).toEqual(
        expect.arrayContaining(['Theme', 'Copy link', 'Restart']),
      );
      expect(reached.filter(({ what }) => what.includes(': learning rate'))).toHaveLength(3);
      const order = ['Map', 'Theme', 'Copy link', 'Restart', 'Without batch norm', 'Grid', 'Colours'];
      const places = order.map((name) => reached.findIndex(({ what }) => what.startsWith(name)));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places).not.toContain(-1);
    });
  });
});

describe.each(PHONES)('on a phone, %d × %d', (width, height) => {
  const onPage = onePage(() => opened(SMALL, [width, height]), done);
  const inView = (box: Box) => box.y >= -0.5 && box.bottom <= height + 0.5;

  test('headline and progress stay in view, and take little of it', async () => {
    await onPage(async (page) => {
      await page.mouse.wheel(0, 700);
      await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(300);
      const [head, ...parts] = await boxes(page.locator('.head, headline-number, sweep-progress'));
      expect(parts.every(inView)).toBe(true);
      expect(parts).toHaveLength(2);
      expect(head!.bottom - head!.y).toBeLessThanOrEqual(122);
    });
  });

  test('a tap shows the trial in a sheet that leaves its map in view, and folds by button and by key', async () => {
    await onPage(async (page) => {
      const map = page.locator('divergence-map').nth(1);
      const [plot] = await boxes(map.locator('.plot'));
      await map.locator('.plot').click({ position: { x: (plot!.right - plot!.x) * 0.9, y: 12 } });
      const outcomes = page.locator('trial-panel li[data-traced]');
      await expect.poll(async () => (await boxes(outcomes)).length).toBe(2);
      const [sheet] = await boxes(page.locator('trial-panel'));
      expect((await boxes(outcomes)).every(inView)).toBe(true);
      expect(sheet!.bottom - sheet!.y).toBeLessThan(0.5 * height);
      const [spot] = await boxes(map.locator('.spot'));
      const [head] = await boxes(page.locator('.head'));
      expect(spot!.bottom).toBeLessThanOrEqual(sheet!.y);
      expect(spot!.y).toBeGreaterThanOrEqual(head!.bottom);

      const button = page.locator('trial-panel header button');
      expect(await button.getAttribute('aria-expanded')).toBe('true');
      await page.keyboard.press('Escape');
      expect(await boxes(outcomes)).toEqual([]);
      expect(await button.getAttribute('aria-expanded')).toBe('false');
      await button.focus();
      await page.keyboard.press('Enter');
      expect(await boxes(outcomes)).toHaveLength(2);
      await button.click();
      expect(await boxes(outcomes)).toEqual([]);
    });
  });

  test('what is wrong with a link is said at the top, wherever the page is scrolled to, until it is dismissed', async () => {
    await using(`${SMALL}&optimizer.momentum=-1`, [width, height], async (page) => {
      const alert = page.getByRole('alert');
      expect(await alert.innerText()).toMatch(/^This link cannot be opened\. optimizer\.momentum: found -1/);
      await page.mouse.wheel(0, 600);
      await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(300);
      expect((await boxes(alert)).every(inView)).toBe(true);
      await page.getByRole('button', { name: 'Dismiss' }).click();
      expect(await alert.count()).toBe(0);
    });
  });

  test('the settings unfold', async () => {
    await using(SMALL, [width, height], async (page) => {
      const question = page.locator('[data-preset=init-gain]');
      expect(await question.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Experiment' }).click();
      expect(await question.isVisible()).toBe(true);
      await page.locator('summary', { hasText: 'Training' }).click();
      expect(await sideways(page)).toBe(0);
    });
  });
});

describe('the map and its charts', () => {
  const onPage = onePage(() => opened(SMALL, [1440, 900]), done);

  test('a chart tells the values at the pointer, without moving anything', async () => {
    await onPage(async (page) => {
      const chart = page.locator('line-chart').first();
      const reading = chart.locator('.reading');
      expect(await reading.innerText()).toMatch(/^step 29\s+[\d.e−]+\s+[\d.e−]+$/);
      const [before] = await boxes(reading);
      const [over] = await boxes(chart.locator('.u-over'));
      await page.mouse.move(over!.x + 1, over!.y + 40);
      await expect.poll(() => reading.innerText()).toMatch(/^step 0\s/);
      const [after] = await boxes(reading);
      expect([after!.x, after!.y, after!.bottom]).toEqual([before!.x, before!.y, before!.bottom]);
    });
  });

  test('with colours of the reader’s own, swatches and maps keep theirs', async () => {
    await onPage(async (page) => {
      const colours = () =>
        page
          .locator('map-legend i, trial-panel li i, .plot')
          .evaluateAll((all) =>
            all
              .map((element) => getComputedStyle(element))
              .map((style) => style.backgroundImage + style.backgroundColor),
          );
      const before = await colours();
      await page.emulateMedia({ forcedColors: 'active' });
      expect(await page.evaluate(() => matchMedia('(forced-colors: active)').matches)).toBe(true);
      expect(await colours()).toEqual(before);
      expect(new Set(before).size).toBeGreaterThan(8);
    });
  });

  test('Home, End and the Page keys move the crosshair along its row and by an eighth of the map', async () => {
    await onPage(async (page) => {
      const map = page.getByRole('application').first();
      const value = async (axis: 'x' | 'y') =>
        Number(
          /= ([\d.e−]+)$/
            .exec(await page.locator(`.${axis}-label`).first().innerText())![1]!
            .replaceAll('−', '-'),
        );
      await map.focus();
      await page.keyboard.press('Home');
      expect(await value('x')).toBe(1e-4);
      await page.keyboard.press('End');
      expect(await value('x')).toBe(10);
      const before = await value('y');
      await page.keyboard.press('PageUp');
      const above = await value('y');
      expect(above).toBeGreaterThan(before);
      await page.keyboard.press('PageDown');
      expect(await value('y')).toBe(before);
      const described = await map.getAttribute('aria-describedby');
      expect(await page.locator(`#${described}`).first().textContent()).toMatch(
        /Home and End [^]*Page Up and Page Down/,
      );
    });
  });

  test('a chart shows 0 and what is not finite, over any range, and each of two curves that coincide', async () => {
    await onPage(async (page) => {
      /** A chart of two curves over four steps, in the place of all else. */
      const chart = async (first: (number | null)[], second: (number | null)[]) => {
        await page.evaluate(
          (columns) => {
            const element = document.createElement('line-chart');
            element.style.cssText = 'width: 300px; height: 240px';
            const curves = columns.map((_, i) => ({
              label: `curve ${i}`,
              colour: `--arm-${i}`,
              width: 2.5 - 1.25 * i,
            }));
            Object.assign(element, { heading: 'Chart', curves, data: [[0, 1, 2, 3], ...columns] });
            document.body.replaceChildren(element);
          },
          [first, second],
        );
        const shown = page.locator('line-chart');
        await shown.locator('.y-ticks span').first().waitFor();
        expect(collisions(await boxes(shown.locator('.x-ticks span, .y-ticks span')))).toEqual([]);
        return shown;
      };
      const labels = (shown: Locator) => shown.locator('.y-ticks span').allInnerTexts();
      const words = (shown: Locator) => shown.getByRole('img').getAttribute('aria-label');

      const wide = await chart([1e-45, 1e-30, 1, 1e300], [1, 1, 1, 1]);
      expect((await labels(wide)).length).toBeGreaterThanOrEqual(4);

      const ends = await chart([1, 0.1, 0, 0], [1, 1e10, Infinity, null]);
      expect(await labels(ends)).toEqual(expect.arrayContaining(['0', '∞']));
      expect(await words(ends)).toBe('Chart: curve 0, 4 steps, 0 at step 2; curve 1, 3 steps, ∞ at step 2');

      const same = await chart([1, 2, 3, 4], [1, 2, 3, 4]);
      const drawn = await same.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const pixels = Array.from({ length: data.length / 4 }, (_, i) => [
          ...data.subarray(4 * i, 4 * i + 4),
        ]);
        return [0, 1].map((arm) => {
          const probe = document.createElement('canvas').getContext('2d')!;
          probe.fillStyle = getComputedStyle(document.documentElement)
            .getPropertyValue(`--arm-${arm}`)
            .trim();
          probe.fillRect(0, 0, 1, 1);
          const colour = probe.getImageData(0, 0, 1, 1).data;
          return pixels.filter((pixel) => pixel.every((value, i) => Math.abs(value - colour[i]!) < 40))
            .length;
        });
      });
      for (const count of drawn) expect(count).toBeGreaterThan(50);
    });
  });
});

async function counters(session: CDPSession) {
  await session.send('HeapProfiler.collectGarbage');
  return session.send('Memory.getDOMCounters');
}

test(
  'a tab that was left leaves nothing behind',
  async () => {
    await using(SMALL, [1440, 900], async (page) => {
      await done(page);
      const session = await page.context().newCDPSession(page);
      const turn = async () => {
        await page.getByRole('link', { name: 'Kernels' }).click();
        await page.locator('kernels-tab').waitFor();
        await page.getByRole('link', { name: 'Map' }).click();
        await page.locator('line-chart .u-over').nth(1).waitFor();
      };
      await turn();
      await turn();
      const before = await counters(session);
      for (let i = 0; i < 10; i += 1) await turn();
      const after = await counters(session);
      expect(after.nodes - before.nodes).toBeLessThan(300);
      expect(after.jsEventListeners - before.jsEventListeners).toBeLessThan(50);
    });
  },
  PATIENCE,
);
