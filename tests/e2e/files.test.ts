import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { serializeExperiment } from '../../src/experiment/url';
import { using, type BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=30&view.grid=8';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true });
const NAME = presetExperiment('chain').name;

test('the open experiment is named on the page and in its title', async () => {
  await using(await built.openTrainedByCpu(SMALL), async (page) => {
    await heading(page, NAME).waitFor();
    expect(await page.title()).toBe(`${NAME} — Normscape`);
    await page.getByLabel('Experiment file').setInputFiles({
      name: 'opened.json',
      mimeType: 'application/json',
      buffer: Buffer.from(serializeExperiment({ ...presetExperiment('chain'), name: '%$ “named” %$' })),
    });
    await heading(page, '%$ “named” %$').waitFor();
    await expect.poll(() => page.title()).toBe('%$ “named” %$ — Normscape');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      (async () => {
        await page.getByRole('button', { name: 'Export' }).click();
        await page.getByRole('button', { name: 'Experiment (JSON)' }).click();
      })(),
    ]);
    expect(download.suggestedFilename()).toBe('named.json');
  });
});

test.each([
  ['map.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), 'a PNG picture'],
  ['empty.json', Buffer.alloc(0), 'an empty file'],
])('%s is refused as what it is, and the experiment goes on', async (name, buffer, kind) => {
  await using(await built.openTrainedByCpu(SMALL), async (page) => {
    await page
      .getByLabel('Experiment file')
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
    expect(await page.getByRole('alert').innerText()).toBe(
      `This file cannot be opened. document: found "${kind}", allowed: an experiment file, which is JSON in UTF-8`,
    );
    await heading(page, NAME).waitFor();
  });
});

test('what was dropped and cannot be read, such as a folder, is refused in words', async () => {
  await using(await built.openTrainedByCpu(SMALL), async (page) => {
    await page.locator('normscape-app').evaluate((app) => {
      const unreadable = { slice: () => ({ arrayBuffer: () => Promise.reject(new Error('it is gone')) }) };
      const drop = new Event('drop');
      app.dispatchEvent(Object.assign(drop, { dataTransfer: { files: [unreadable] } }));
    });
    expect(await page.getByRole('alert').innerText()).toBe('This file cannot be opened. it is gone');
  });
});

describe('a link', () => {
  test('that was cut is refused, and the experiment before goes on', async () => {
    await using(await built.openTrainedByCpu(SMALL), async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.getByRole('button', { name: 'Copy link' }).click();
      await page.getByRole('button', { name: 'Copied' }).waitFor();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      expect(link).toMatch(/#map\?check=[0-9a-f]{6}&preset=chain&optimizer\.steps=30&view\.grid=8$/);
      const cut = link.replace(/0&view\.grid=8$/, '');
      await page.goto(cut);
      expect(await page.getByRole('alert').innerText()).toMatch(/^This link is not whole: /);
      await heading(page, NAME).waitFor();
      await page.goto(`${link}).`);
      await page.getByRole('alert').waitFor({ state: 'detached' });
    });
  });

  test.each([
    ['there is no clipboard', () => Object.defineProperty(navigator, 'clipboard', { value: undefined })],
    [
      'the clipboard is refused',
      () => {
        const writeText = () =>
          Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'));
        Object.defineProperty(navigator, 'clipboard', { value: { writeText } });
      },
    ],
  ])('is shown selected where %s', async (_why, prepare) => {
    await using(await built.openTrainedByCpu(SMALL, prepare), async (page) => {
      await page.getByRole('button', { name: 'Copy link' }).click();
      const link = page.getByRole('textbox', { name: 'Copy link' });
      await link.waitFor();
      const selected = await link.evaluate((area: HTMLTextAreaElement) =>
        area.value.slice(area.selectionStart, area.selectionEnd),
      );
      expect(selected).toMatch(/^http.*#map\?check=[0-9a-f]{6}&preset=chain&/);
      expect(await link.evaluate((area) => area.matches(':focus'))).toBe(true);
    });
  });
});
