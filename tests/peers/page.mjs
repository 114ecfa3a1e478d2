// How the built page feels on this machine, in headless Chromium on a software adapter: what no test can decide, for it is time.
//
//   npm run --silent bench:page -- [OPENINGS [#FRAGMENT]]
//
// Prints for each opening, in seconds after navigation: when the grid was chosen, when both maps have cells, when the sweep is
// done; the forecast beside what the sweep took; and the main thread's longest task and the longest gap between two frames.
import { runnerImport } from 'vite';

const openings = Number(process.argv[2] ?? 3);
const fragment = process.argv[3] ?? '';

/** @type {{ module: typeof import('../e2e/built_page') }} */
const { module } = await runnerImport('/tests/e2e/built_page.ts');
const built = await module.buildPage();

/** Runs in the page, before its own scripts. */
function watch() {
  /** @type {{ cells?: number, longestTask: number, longestGap: number }} */
  const seen = { longestTask: 0, longestGap: 0 };
  Object.assign(globalThis, { seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longestTask = Math.max(seen.longestTask, duration);
  }).observe({ type: 'longtask' });

  /** @param {ParentNode} root @returns {HTMLCanvasElement[]} */
  const mapsIn = (root) =>
    [...root.querySelectorAll('*')].flatMap((element) => {
      if (!element.shadowRoot) return [];
      if (element.localName === 'divergence-map')
        return [...element.shadowRoot.querySelectorAll('canvas')].filter(
          ({ className }) => className === 'cells',
        );
      return mapsIn(element.shadowRoot);
    });
  /** @param {HTMLCanvasElement} canvas */
  const hasCells = (canvas) =>
    canvas.width > 0 &&
    new Uint32Array(
      canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.buffer ?? [],
    ).some(Boolean);
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    seen.longestGap = Math.max(seen.longestGap, now - last);
    last = now;
    if (seen.cells === undefined) {
      const [first, second] = mapsIn(document);
      if (first && second && hasCells(first) && hasCells(second)) seen.cells = now;
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

const seconds = (/** @type {number} */ milliseconds) => (milliseconds / 1000).toFixed(2);
try {
  console.log('| grid chosen | cells in both maps | done | forecast | took | longest task | longest gap |');
  console.log('|-:|-:|-:|-:|-:|-:|-:|');
  for (let opening = 0; opening < openings; opening += 1) {
    const page = await built.open(fragment, watch);
    await page.locator('[data-phase=training], [data-phase=done]').waitFor({ timeout: 300_000 });
    const chosen = await page.evaluate(() => performance.now());
    await page.locator('[data-phase=done]').waitFor({ timeout: 600_000 });
    const done = await page.evaluate(() => performance.now());
    const { cells, longestTask, longestGap } = await page.evaluate(() => Reflect.get(globalThis, 'seen'));
    const { estimate, progress } = await page.locator('map-tab').evaluate((tab) => {
      const { sweep } = /** @type {import('../../src/ui/map/map_tab').MapTab} */ (tab).map;
      return { estimate: sweep.estimate, progress: sweep.progress };
    });
    const row = [
      seconds(chosen),
      seconds(cells),
      seconds(done),
      estimate ? `${estimate.side} × ${estimate.side}: ${estimate.seconds.toFixed(1)}` : '–',
      progress?.elapsed.toFixed(1),
      `${longestTask.toFixed(0)} ms`,
      `${longestGap.toFixed(0)} ms`,
    ];
    console.log(`| ${row.join(' | ')} |`);
    await page.context().close();
  }
} finally {
  await built.close();
}
