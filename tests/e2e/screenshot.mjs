// Pictures of the built page, to be looked at: `npm run screenshot [-- FOLDER [#FRAGMENT]]`. The page must have been built.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview, runnerImport } from 'vite';

const folder = process.argv[2] ?? '.screenshots';
const fragment = process.argv[3] ?? '';

/** @type {{ module: typeof import('../browser') }} */
const { module } = await runnerImport('/tests/browser.ts');
const server = await preview({ preview: { port: 0 }, logLevel: 'warn' });
const browser = await chromium.launch(await module.browserLaunchOptions());
try {
  await mkdir(folder, { recursive: true });
  for (const [name, width, height, colorScheme] of /** @type {const} */ ([
    ['wide-light', 1440, 900, 'light'],
    ['wide-dark', 1440, 900, 'dark'],
    ['narrow-light', 390, 844, 'light'],
    ['narrow-dark', 390, 844, 'dark'],
  ])) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    page.on('console', (message) => console.log(`${name}: ${message.text()}`));
    page.on('pageerror', (error) => console.log(`${name}: ${error}`));
    await page.goto(`${server.resolvedUrls?.local[0]}${fragment}`);
    const started = performance.now();
    try {
      const timeout = Number(process.env['WAIT'] ?? 90_000);
      if (fragment.startsWith('#kernels')) await page.locator('[data-bench=done]').waitFor({ timeout });
      else {
        await page.locator('[data-phase=done]').waitFor({ timeout });
        await page.locator('[data-traced=yes]').nth(1).waitFor({ state: 'attached' }); // on phones the sheet is folded
        await page.locator('headline-number .ratio', { hasText: 'seeds' }).waitFor({ timeout });
      }
    } catch (error) {
      console.log(`${name}: not finished: ${error}`);
      process.exitCode = 1;
    }
    console.log(`${name}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
