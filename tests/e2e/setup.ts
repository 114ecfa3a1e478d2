import { chromium } from 'playwright';
import type { TestProject } from 'vitest/node';
import { browserLaunchOptions } from '../browser';
import { servePage } from '../served_page';

/** What all test files of this folder share. */
export interface Shared {
  /** Where the built page is served. */
  readonly address: string;
  /** The endpoint of a browser. */
  readonly browser: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    shared: Shared;
  }
}

/** Builds the page, serves it, and starts a browser, once for all test files. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const served = await servePage();
  const browser = await chromium.launchServer(await browserLaunchOptions());
  provide('shared', { address: served.address, browser: browser.wsEndpoint() });
  return async () => {
    await browser.close();
    await served.close();
  };
}
