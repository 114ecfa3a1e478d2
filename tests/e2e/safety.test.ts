import type { Page } from 'playwright';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dependencies } from '../../package.json';
import { presetExperiment } from '../../src/experiment/presets';
import { serializeExperiment } from '../../src/experiment/url';
import type { BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=30&view.grid=8&view.size=tiny';
/** The longest that a busy machine may take; nothing is asserted about time. */
const PATIENCE = 280_000;

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** Runs in the page, before its own scripts. */
function tellOfViolations(): void {
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) =>
    console.error(`refused by ${effectiveDirective}: ${blockedURI} ${sample}`),
  );
}

/** @param check may look at what went wrong since the page was opened, violations of its policy among it */
async function using(
  check: (page: Page, errors: string[]) => Promise<void>,
  open: BuiltPage['openTrainedByCpu'] = built.openTrainedByCpu,
): Promise<void> {
  const page = await open(SMALL, tellOfViolations);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  try {
    await page.reload(); // opened once more, now that nothing is missed
    await check(page, errors);
  } finally {
    await page.context().close();
  }
}

test(
  'nothing that the page does is against its own policy',
  () =>
    using(async (page, errors) => {
      const done = () => page.locator('[data-phase=done]').waitFor({ timeout: PATIENCE });
      await done();
      const map = (await page.getByRole('application').first().boundingBox())!;
      await page.mouse.move(map.x + map.width * 0.3, map.y + map.height * 0.9);
      await page.locator('[data-traced=yes]').nth(1).waitFor();
      await page.getByLabel('Theme').selectOption('dark');
      await page.getByLabel('Experiment file').setInputFiles({
        name: 'opened.json',
        mimeType: 'application/json',
        buffer: Buffer.from(serializeExperiment({ ...presetExperiment('chain'), name: 'opened' })),
      });
      await expect.poll(() => page.url()).toContain('opened');
      for (const name of ['Experiment (JSON)', 'Picture (PNG)', 'Trials (CSV)', 'Arrays (NumPy)']) {
        await page.getByRole('button', { name: 'Export' }).click();
        await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
      }
      await page.goBack();
      await done();
      await page.getByRole('link', { name: 'Kernels' }).click();
      await page.locator('tr[data-kernel=matmul]').waitFor({ timeout: PATIENCE });
      await page.getByRole('link', { name: 'Map' }).click();
      await done();
      expect(errors).toEqual([]);
    }, built.open),
  PATIENCE + 60_000,
);

test.each([
  [
    'a script of text',
    'require-trusted-types-for',
    () => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "injected"';
      document.body.append(script);
    },
  ],
  [
    'markup',
    'require-trusted-types-for',
    () => {
      document.body.innerHTML = '<img src="data:," onerror="document.title = \'injected\'">';
    },
  ],
  [
    'a script that was put together',
    'script-src-elem',
    () => {
      const code = new Blob(['document.title = "injected"'], { type: 'text/javascript' });
      document.body.append(
        Object.assign(document.createElement('script'), { src: URL.createObjectURL(code) }),
      );
    },
  ],
  [
    'a worker that was put together',
    'worker-src',
    () => {
      const code = new Blob(['postMessage(0)'], { type: 'text/javascript' });
      new Worker(URL.createObjectURL(code)).addEventListener('message', () => {
        document.title = 'injected';
      });
    },
  ],
  [
    'a request',
    'connect-src',
    async () => {
      await fetch('.');
      document.title = 'injected';
    },
  ],
] as const)('%s is refused', async (_what, directive, inject) => {
  await using(async (page, errors) => {
    await page.evaluate(inject).catch(() => {}); // some are refused by an error
    await expect.poll(() => errors).toContainEqual(expect.stringContaining(`refused by ${directive}:`));
    expect(await page.title()).toMatch(/ — Normscape$/);
  });
});

test('licenses.txt names every package of which the page has a part, with its licence', async () => {
  const result = await build({ logLevel: 'error', build: { write: false, sourcemap: 'hidden' } });
  const { output } = [result].flat().find((part) => 'output' in part)!;
  const text = (name: string) =>
    output
      .flatMap((part) => (part.fileName === name && part.type === 'asset' ? [String(part.source)] : []))
      .join();
  const maps = output.map(({ fileName }) => fileName).filter((name) => name.endsWith('.map'));
  // The licences are made from the lists of modules; source maps tell of them independently.
  const sources = maps.flatMap((name): string[] => JSON.parse(text(name)).sources);
  const fonts = output.flatMap((part) => (part.type === 'asset' ? part.originalFileNames : []));
  const bundled = [...sources, ...fonts].flatMap(
    (file) => /.*\bnode_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  expect(maps.map((name) => name.replace(/-.*/, '')).sort()).toEqual([
    'assets/bench_worker',
    'assets/index',
    'assets/lab_worker',
    'assets/sweep_worker',
  ]);

  const sections = text('licenses.txt').split(/^-{80}\n\n/m);
  for (const section of sections) expect(section).toMatch(/^\S+ \d\S* \(\S+\)\n\n[^]*copyright[^]{600}/i);
  const named = sections.map((section) => section.split(' ')[0]);
  // Those whose style sheets alone are in the page leave no source map, but are dependencies all the same.
  expect(new Set(named)).toEqual(new Set([...bundled, ...Object.keys(dependencies), 'rolldown']));
  expect(named).toHaveLength(new Set(named).size);
  expect(text('licenses.txt')).toContain('SIL OPEN FONT LICENSE');
});
