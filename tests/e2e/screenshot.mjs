// Pictures of the built page, to be looked at: `npm run screenshot [-- FOLDER [#FRAGMENT]]`. The page must have been built. Without a
// fragment all its main states are pictured, one after the other.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview, runnerImport } from 'vite';

/** @import { Page } from 'playwright' */

const folder = process.argv[2] ?? '.screenshots';
const fragment = process.argv[3];
const timeout = Number(process.env['WAIT'] ?? 90_000);

/** A sweep that has ended, with the curves at the crosshair. @param {Page} page */
async function trained(page) {
  await page.locator('[data-phase=done]').waitFor({ timeout });
  await page.locator('[data-traced=yes]').nth(1).waitFor({ state: 'attached' }); // on phones the sheet is folded
}

/** @param {Page} page */
async function opened(page) {
  await trained(page);
  await page.locator('headline-number .ratio', { hasText: 'seeds' }).waitFor({ timeout });
}

/**
 * What has been made on a tab before it is pictured.
 * @satisfies {Record<string, (page: Page) => Promise<unknown>>}
 */
const TABS = {
  map: opened,
  chain: (page) => page.locator('table[data-factors="1"]').waitFor({ timeout }),
  invariance: (page) => page.locator('invariance-tab [data-measured=done]').nth(1).waitFor({ timeout }),
  landscape: (page) => page.locator('landscape-tab [data-path=done]').waitFor({ timeout }),
  kernels: (page) => page.locator('[data-bench=done]').waitFor({ timeout }),
};

/** On phones: unfolds the trial's sheet. @param {Page} page */
async function unfold(page) {
  const button = page.locator('trial-panel header button[aria-expanded=false]');
  if (await button.isVisible()) await button.click();
}

/**
 * The main states: what each is called, the fragment that leads there, and what is done there before the picture.
 * @type {[name: string, fragment: string, ready: (page: Page) => Promise<unknown>][]}
 */
const STATES = [
  ['first', '#map', opened],
  ['zoomed', '#map?view.zoom=2,0.7;2,0.5', trained],
  ['final-loss', '#map?view.colour=lossFinal&view.equalize=on&view.boundary=on', trained],
  [
    'pins',
    '#map?view.at=0.01,1;0.1,2;1,1.2',
    async (page) => {
      await trained(page);
      await unfold(page);
    },
  ],
  [
    'selection',
    '#map?view.panel=selection&view.brush=0.01,0.8;1,0.8;1,2;0.01,2',
    async (page) => {
      await page.locator('[data-phase=done]').waitFor({ timeout });
      await unfold(page);
      await page.locator('cell-selection [data-drawn]').waitFor({ timeout });
    },
  ],
  [
    'playing',
    '#map?view.panel=trial',
    async (page) => {
      await trained(page);
      await page.getByRole('button', { name: '10 steps further' }).click();
      await page.locator('step-player [data-step="9"]').waitFor({ timeout });
    },
  ],
  [
    'gallery',
    '#map?view.theory=off',
    async (page) => {
      await trained(page);
      await page.locator('view-gallery summary').click();
      await page.getByRole('button', { name: 'Save this view' }).click();
      await page.locator('view-gallery li').first().scrollIntoViewIfNeeded({ timeout });
    },
  ],
  [
    'help',
    '#map',
    async (page) => {
      await page.getByRole('button', { name: 'Help', exact: true }).click();
    },
  ],
  ['chain', '#chain', TABS.chain],
  ['invariance', '#invariance', TABS.invariance],
  ['landscape', '#landscape', TABS.landscape],
  ['kernels', '#kernels', TABS.kernels],
  ['tour', '#tour=3', TABS.chain],
];

/** @type {typeof STATES} */
const states = fragment ? [['', fragment, readyAt(fragment)]] : STATES;

/** @param {string} fragment */
function readyAt(fragment) {
  return Object.entries(TABS).find(([tab]) => fragment.startsWith(`#${tab}`))?.[1] ?? opened;
}

/** @type {{ module: typeof import('../browser') }} */
const { module } = await runnerImport('/tests/browser.ts');
const server = await preview({ preview: { port: 0 }, logLevel: 'warn' });
const browser = await chromium.launch(await module.browserLaunchOptions());
try {
  await mkdir(folder, { recursive: true });
  for (const [size, width, height] of /** @type {const} */ ([
    ['wide', 1440, 900],
    ['narrow', 390, 844],
  ])) {
    const page = await browser.newPage({ viewport: { width, height } });
    for (const [state, hash, ready] of states) {
      const name = [size, ...(state ? [state] : [])].join('-');
      page.removeAllListeners();
      page.on('console', (message) => console.log(`${name}: ${message.text()}`));
      page.on('pageerror', (error) => console.log(`${name}: ${error}`));
      const started = performance.now();
      await page.goto(`${server.resolvedUrls?.local[0]}${hash}`);
      try {
        await page.keyboard.press('Escape'); // what the state before has unfolded
        await ready(page);
      } catch (error) {
        console.log(`${name}: not finished: ${error}`);
        process.exitCode = 1;
      }
      console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        await page.emulateMedia({ colorScheme });
        if (!state.startsWith('help')) await page.evaluate(() => scrollTo(0, 0)); // what sticks stands at the top
        await page.waitForTimeout(500); // until charts and maps are painted
        await page.screenshot({
          path: join(folder, `${name}-${colorScheme}.png`),
          fullPage: !state.startsWith('help'),
        });
      }
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
