import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { servePage, type ServedPage } from '../served_page';
import { startFirefox, type Firefox } from './firefox';

/** A real experiment that a software adapter trains in seconds. */
export const SMALL = 'preset=chain&optimizer.steps=30&view.grid=8';
/** The longest that a busy machine may take for one thing. */
export const PATIENCE = 280_000;

/**
 * Firefox and the built page, for the tests of a file.
 * @returns opens the page at a fragment, checks it, and that neither the page nor Firefox has broken meanwhile
 */
export function pagesInFirefox(): (fragment: string, check: (page: Page) => Promise<void>) => Promise<void> {
  let firefox: Firefox;
  let served: ServedPage;
  beforeAll(async () => {
    firefox = await startFirefox();
    served = await servePage();
  });
  afterAll(async () => {
    await firefox?.close();
    await served?.close();
  });
  return async (fragment, check) => {
    const context = await firefox.browser.createBrowserContext();
    const page = await context.newPage();
    const errors: unknown[] = [];
    page.on('pageerror', (error) => errors.push(error));
    try {
      await page.setViewport({ width: 1440, height: 900 });
      await page.goto(served.address + fragment);
      await check(page);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
    expect(firefox.browser.connected).toBe(true);
  };
}

/** How many elements there are, in whichever shadow. */
export const count = (page: Page, selector: string) =>
  page.$$eval(`>>> ${selector}`, (elements) => elements.length);

/** Waits for an element. Puppeteer's own wait looks again when the document changes, and sees no change within a shadow root. */
export async function appeared(page: Page, selector: string): Promise<void> {
  await expect.poll(() => count(page, selector), { timeout: PATIENCE }).toBeGreaterThan(0);
}

/** Waits for an end, good or bad; it must be a good one. */
export async function ended(page: Page, attribute: string): Promise<void> {
  await appeared(page, `:is([${attribute}=done], [${attribute}=failed])`);
  expect(await page.$$eval('>>> [role=alert]', (alerts) => alerts.map((it) => it.textContent))).toEqual([]);
}

export const words = (page: Page, selector: string) =>
  page.$eval(`>>> ${selector}`, (it) => it.textContent.trim());
