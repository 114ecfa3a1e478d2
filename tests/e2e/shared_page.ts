import { chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { builtPage, PATIENCE, type BuiltPage } from './built_page';

/** The page that was built for all test files, in the browser that they share. */
export async function sharedPage(): Promise<BuiltPage> {
  const { address, browser } = inject('shared');
  return builtPage(address, await chromium.connect(browser));
}

/**
 * One opened page for all tests of a `describe`, which go on where the one before has left it; fails at their end if the page threw.
 * @param ready waits until the tests may begin
 * @returns runs a check on it
 */
export function onePage(
  open: () => Promise<Page>,
  ready?: (page: Page) => Promise<void>,
): (check: (page: Page) => Promise<void>) => Promise<void> {
  let page: Page | undefined;
  const errors: string[] = [];
  beforeAll(async () => {
    page = await open();
    page.on('pageerror', ({ message }) => errors.push(message));
    await ready?.(page);
  }, PATIENCE);
  afterAll(async () => {
    await page?.context().close();
    expect(errors).toEqual([]);
  });
  return (check) => check(page!);
}
