import { chromium, type Page } from 'playwright';
import { browserLaunchOptions } from '../browser';
import { servePage } from '../served_page';

export interface BuiltPage {
  /** A new page at a fragment, in a browser with WebGPU in software; `prepare` runs before the page's own scripts. */
  open(fragment?: string, prepare?: () => unknown): Promise<Page>;
  close(): Promise<void>;
}

/** Builds the page, serves it, and starts a browser. */
export async function buildPage(): Promise<BuiltPage> {
  const served = await servePage();
  const browser = await chromium.launch(await browserLaunchOptions());
  return {
    async open(fragment = '', prepare) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      if (prepare) await page.addInitScript(prepare);
      await page.goto(served.address + fragment);
      return page;
    },
    async close() {
      await browser.close();
      await served.close();
    },
  };
}
