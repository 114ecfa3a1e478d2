import { chromium, type CDPSession, type Page } from 'playwright';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { KERNEL_NAMES } from '../../src/bench/kernel_bench';
import { browserLaunchOptions } from '../browser';
import { faultyGpu, type Fault } from '../faulty_gpu';
import { tried } from '../every';
import { settledMaps } from './built_page';

/** Long enough for a crash to come in between. */
const SWEEP = '#map?preset=chain&optimizer.steps=300&view.grid=8';
const KERNELS_TAB = '#kernels?preset=chain&optimizer.steps=30&view.grid=8&view.size=tiny';
/** The longest that a busy machine may take; nothing is asserted about time. */
const PATIENCE = 280_000;

let undisturbed: string[];
beforeAll(async () => {
  await using(SWEEP, async ({ page }) => {
    undisturbed = await maps(page);
  });
}, PATIENCE);

interface Opened {
  readonly page: Page;
  /** Ends the browser's GPU process, of which it starts another. */
  crash(): Promise<unknown>;
}

/**
 * A page in a browser of its own, which after two crashes gives no page an adapter for two minutes. Nothing may be said in the
 * console, whatever happens.
 * @param workers what is put before the script of the first worker, of the second, and so on; `offline`: it cannot be loaded
 */
async function using(
  fragment: string,
  check: (opened: Opened) => Promise<void>,
  workers: readonly string[] = [],
): Promise<void> {
  const browser = await chromium.launch(await browserLaunchOptions());
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const said: string[] = [];
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('console', (message) => {
      // The browser's own word for a file that has not come.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        said.push(message.text());
    });
    const left = [...workers];
    await page.route(/sweep_worker.*\.js$/, async (route) => {
      const before = left.shift();
      if (before === 'offline') return route.abort('internetdisconnected');
      const response = await route.fetch();
      return route.fulfill({ response, body: `${before ?? ''};\n${await response.text()}` });
    });
    const cdp: CDPSession = await browser.newBrowserCDPSession();
    await page.goto(inject('shared').address + fragment);
    await check({ page, crash: () => cdp.send('Browser.crashGpuProcess') });
    expect(said).toEqual([]);
  } finally {
    await browser.close();
  }
}

const ended = (page: Page) =>
  page.locator('[data-phase=done], [data-phase=failed]').waitFor({ timeout: PATIENCE });

/** The colours of the maps' cells when all is done. */
async function maps(page: Page): Promise<string[]> {
  await ended(page);
  expect(await page.locator('[data-phase]').getAttribute('data-phase')).toBe('done');
  return settledMaps(page);
}

const onGpu = (page: Page) =>
  page.locator('[data-compute]', { hasText: 'fused engine' }).waitFor({ timeout: PATIENCE });
const trained = (page: Page) =>
  page.locator('[data-phase=training]', { hasText: 'trial-steps/s' }).waitFor({ timeout: PATIENCE });

/** The one line in which the page says what happened. */
async function faultLine(page: Page): Promise<string> {
  const words = await page.locator('[data-fault]').innerText();
  expect(words).not.toContain('\n');
  return words;
}

const LOST = /: GPU device lost \(.*\)[^.]*\. (Trained again|Measured further) on a new device\.$/;

describe('the GPU process ends', () => {
  test.each(tried([], [30, 100, 300, 600]))(
    '%i ms after the page was opened: the maps are what they are without',
    (milliseconds) =>
      using(SWEEP, async ({ page, crash }) => {
        await page.waitForTimeout(milliseconds);
        await crash();
        expect(await maps(page)).toEqual(undisturbed);
        await onGpu(page);
      }),
    PATIENCE,
  );

  test.each(
    tried<[string, (page: Page) => Promise<unknown>]>(
      [['in mid-sweep', trained]],
      [['while pipelines are made', onGpu]],
    ),
  )(
    '%s: the page says so, and the maps are what they are without',
    (_when, moment) =>
      using(SWEEP, async ({ page, crash }) => {
        await moment(page);
        await crash();
        expect(await maps(page)).toEqual(undisturbed);
        expect(await faultLine(page)).toMatch(LOST);
        await onGpu(page);
      }),
    PATIENCE,
  );

  test.each(tried([], ['while a trace trains, and after the sweep is done: the trace comes all the same']))(
    '%s',
    () =>
      using(SWEEP, async ({ page, crash }) => {
        await trained(page);
        const map = (await page.getByRole('application').first().boundingBox())!;
        const hover = (x: number, y: number) =>
          page.mouse.move(map.x + map.width * x, map.y + map.height * y);
        await hover(0.3, 0.9);
        await page.waitForTimeout(200);
        await crash();
        expect(await maps(page)).toEqual(undisturbed);
        await page.locator('[data-traced=yes]').nth(1).waitFor({ timeout: PATIENCE });
        expect(await faultLine(page)).toMatch(LOST);
        // The browser gives no adapter after another crash, so the CPU trains what is asked for then.
        await crash();
        await hover(0.8, 0.2);
        await page.locator('[data-traced=yes]').nth(1).waitFor({ state: 'detached' });
        await page.locator('[data-traced=yes]').nth(1).waitFor({ timeout: PATIENCE });
        expect(await maps(page)).toEqual(undisturbed);
      }),
    PATIENCE,
  );

  test.each(tried([], ['while kernels are measured: all of them are, and the page says so']))(
    '%s',
    () =>
      using(KERNELS_TAB, async ({ page, crash }) => {
        await page.locator('tr[data-kernel]').nth(1).waitFor({ timeout: PATIENCE });
        await crash();
        await page.locator('[data-bench=done], [data-bench=failed]').waitFor({ timeout: PATIENCE });
        expect(await page.locator('[data-bench]').getAttribute('data-bench')).toBe('done');
        const kernels = page.locator('tr[data-kernel]');
        expect(
          await kernels.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-kernel'))),
        ).toEqual(KERNEL_NAMES);
        expect(await faultLine(page)).toMatch(LOST);
      }),
    PATIENCE,
  );

  test.each(
    tried(
      [],
      ['again and again, until the browser gives no adapter: the CPU trains the rest, and the page says so'],
    ),
  )(
    '%s',
    () =>
      using('#map?preset=chain&optimizer.steps=2000&view.grid=8', async ({ page, crash }) => {
        const onCpu = page.locator('[data-compute]', { hasText: 'CPU reference engine' });
        for (let crashes = 0; crashes < 6 && (await onCpu.count()) === 0; crashes += 1) {
          await trained(page);
          await crash();
          await page.waitForTimeout(1500);
        }
        await onCpu.waitFor({ timeout: PATIENCE });
        await ended(page);
        expect(await faultLine(page)).toMatch(
          /there is no GPU any more \(.*\)\. Trained again on the CPU, by the reference engine in float64\.$/,
        );
        // No longer what happened: asked for again, there is none.
        await page.getByRole('button', { name: 'Restart' }).click();
        await page.locator('[data-compute=no-adapter]').waitFor();
        expect(await page.locator('[data-fault]').count()).toBe(0);
        await ended(page);
        expect(await page.locator('[data-phase]').getAttribute('data-phase')).toBe('done');
      }),
    PATIENCE,
  );
});

const noAdapter = `Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => null } })`;
const noAnswer = `Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: () => new Promise(() => {}) } })`;
const faulty = (fault: Fault) => `(() => {
  const faulty = (${faultyGpu.toString()})(navigator.gpu);
  faulty.arm(${JSON.stringify(fault)});
  Object.defineProperty(navigator, 'gpu', { value: faulty.gpu });
})()`;

describe('Restart, without a reload,', () => {
  const restart = (page: Page) => page.getByRole('button', { name: 'Restart' }).click();

  test.each(tried([], ['asks once more for a GPU that was not there']))(
    '%s',
    () =>
      using(
        SWEEP,
        async ({ page }) => {
          await page.locator('[data-compute=no-adapter]').waitFor();
          await ended(page);
          await restart(page);
          await page.locator('[data-compute=software-adapter]').waitFor();
          expect(await maps(page)).toEqual(undisturbed);
        },
        [noAdapter],
      ),
    PATIENCE,
  );

  test.each(tried([], ['begins anew when all devices were lost and recovery was given up']))(
    '%s',
    () =>
      using(
        SWEEP,
        async ({ page }) => {
          await ended(page);
          expect(await page.getByRole('alert').innerText()).toMatch(/^GPU device lost/);
          await restart(page);
          expect(await maps(page)).toEqual(undisturbed);
          expect(await page.locator('[data-fault]').count()).toBe(0);
        },
        [faulty({ kind: 'device lost', at: 0, always: true })],
      ),
    PATIENCE,
  );

  test.each(
    tried<[string, (page: Page) => Promise<unknown>]>(
      [['Restart', restart]],
      [['a choice of the grid', (page) => page.getByLabel('Grid').selectOption('8')]],
    ),
  )(
    'begins anew when the worker could not be loaded: %s',
    (_by, again) =>
      using(
        SWEEP,
        async ({ page }) => {
          await ended(page);
          expect(await page.getByRole('alert').innerText()).toBe(
            'The part of this page that trains could not be loaded',
          );
          await again(page);
          await page.getByRole('alert').waitFor({ state: 'detached' });
          expect(await maps(page)).toEqual(undisturbed);
        },
        ['offline'],
      ),
    PATIENCE,
  );

  test(
    'begins what was stopped before it had begun',
    () =>
      using(
        SWEEP,
        async ({ page }) => {
          const words = page.locator('[data-phase]');
          expect(await words.innerText()).toBe('Starting …');
          await page.getByRole('button', { name: 'Stop' }).click();
          expect(await words.innerText()).toBe('Stopped');
        },
        [noAnswer],
      ),
    PATIENCE,
  );
});
