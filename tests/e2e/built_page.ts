import { chromium, type Browser, type Page } from 'playwright';
import { browserLaunchOptions } from '../browser';
import { EVERY } from '../every';
import { servePage } from '../served_page';

export interface BuiltPage {
  /** A new page at a fragment, in a browser with WebGPU in software; `prepare` runs before the page's own scripts. */
  open(fragment?: string, prepare?: () => unknown): Promise<Page>;
  /**
   * The same, for what is about the page and not about who trains: without WebGPU, since the CPU has trained a small experiment before a
   * software adapter has compiled for it. `npm run test:every` has WebGPU there too.
   */
  openTrainedByCpu(fragment: string, prepare?: () => unknown): Promise<Page>;
  /** The same, with this before the script of the worker that trains. */
  openWithWorker(fragment: string, before: string): Promise<Page>;
  close(): Promise<void>;
}

/** Builds the page, serves it, and starts a browser. */
export async function buildPage(): Promise<BuiltPage> {
  const served = await servePage();
  const { close, ...page } = builtPage(served.address, await chromium.launch(await browserLaunchOptions()));
  return {
    ...page,
    async close() {
      await close();
      await served.close();
    },
  };
}

/** The page that is served there. */
export function builtPage(address: string, browser: Browser): BuiltPage {
  const open = async (fragment: string, prepare: (page: Page) => Promise<unknown>) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await prepare(page);
    await page.goto(address + fragment);
    return page;
  };
  return {
    open: (fragment = '', prepare) =>
      open(fragment, async (page) => {
        if (prepare) await page.addInitScript(prepare);
      }),
    openTrainedByCpu: (fragment, prepare) =>
      open(fragment, async (page) => {
        if (!EVERY) await page.addInitScript(withoutWebGpu);
        if (prepare) await page.addInitScript(prepare);
      }),
    openWithWorker: (fragment, before) =>
      open(fragment, (page) =>
        page.route(/sweep_worker.*\.js$/, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: `${before};\n${await response.text()}` });
        }),
      ),
    close: () => browser.close(),
  };
}

/** Runs before the page's own scripts: a browser that has no WebGPU. */
export function withoutWebGpu(): void {
  Reflect.deleteProperty(Navigator.prototype, 'gpu');
}

/** The longest that a busy machine may take; nothing is asserted about time. */
export const PATIENCE = 280_000;

/** Checks a page, and that it threw nothing meanwhile; then closes it. */
export async function using(page: Page, check: (page: Page) => Promise<void>): Promise<void> {
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  try {
    await check(page);
    if (errors.length > 0) throw new Error(`the page threw: ${errors.join('; ')}`);
  } finally {
    await page.context().close();
  }
}

/** When the sweep has ended. */
export async function done(page: Page): Promise<void> {
  await page.locator('[data-phase=done]').waitFor({ timeout: PATIENCE });
}

/** The pictures of the maps, each with all its colours, once they no longer change: painting lags behind the sweep. */
export async function settledMaps(page: Page): Promise<string[]> {
  const now = () =>
    page.locator('divergence-map canvas.cells').evaluateAll((canvases: HTMLCanvasElement[]) =>
      canvases.map((canvas) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Uint32Array(data.buffer).join();
      }),
    );
  for (let before = await now(); ;) {
    await page.waitForTimeout(500);
    const after = await now();
    if (after.join() === before.join()) return after;
    before = after;
  }
}
