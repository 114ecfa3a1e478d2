import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { build, preview } from 'vite';
import { browserLaunchOptions } from '../browser';

export interface BuiltPage {
  /** A new page at a fragment, in a browser with WebGPU in software; `prepare` runs before the page's own scripts. */
  open(fragment?: string, prepare?: () => unknown): Promise<Page>;
  close(): Promise<void>;
}

/** Builds the page into a folder of its own, serves it, and starts a browser. */
export async function buildPage(): Promise<BuiltPage> {
  const outDir = await mkdtemp(join(tmpdir(), 'normscape-'));
  await build({ logLevel: 'error', build: { outDir } });
  const server = await preview({ logLevel: 'error', build: { outDir }, preview: { port: 0 } });
  const browser = await chromium.launch(await browserLaunchOptions());
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('The preview server has no address');
  return {
    async open(fragment = '', prepare) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      if (prepare) await page.addInitScript(prepare);
      await page.goto(address + fragment);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
