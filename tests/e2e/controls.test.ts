import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { presetExperiment } from '../../src/experiment/presets';
import { tried } from '../every';
import { PATIENCE, done, using as usingPage, type BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

/** A real experiment that a software adapter trains in seconds. */
const SMALL = '#map?preset=chain&optimizer.steps=30&view.grid=8';

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

/** Runs before the page's own scripts: counts what it asks its workers to train. */
function countTrainings(): void {
  const counted: { trainings: number } = Object.assign(globalThis, { trainings: 0 });
  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (this: Worker, message: { type: string }, options?: unknown) {
    if (message.type === 'start' || message.type === 'measure') counted.trainings += 1;
    Reflect.apply(postMessage, this, [message, options]);
  };
}

const trainings = (page: Page) => page.evaluate(() => Reflect.get(globalThis, 'trainings') as number);

const using = async (
  fragment: string,
  check: (page: Page) => Promise<void>,
  open: BuiltPage['openTrainedByCpu'] = built.openTrainedByCpu,
) =>
  usingPage(await open(fragment, countTrainings), async (page) => {
    for (const group of await page.locator('summary').all()) await group.click();
    await check(page);
  });

const box = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
const list = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
const alerts = (page: Page) => page.getByRole('alert').allInnerTexts();

async function enter(page: Page, name: string, text: string): Promise<void> {
  await box(page, name).fill(text);
  await box(page, name).press('Enter');
}

/** One after the other, however busy the machine is. */
async function enterAtOnce(page: Page, name: string, texts: readonly string[]): Promise<void> {
  await box(page, name).evaluate((field: HTMLInputElement, texts) => {
    for (const text of texts) {
      field.value = text;
      field.dispatchEvent(new Event('change'));
    }
  }, texts);
}

/** Longer than what is entered one after the other counts as one step. */
const pause = (page: Page) => page.waitForTimeout(1100);

describe('a refused entry', () => {
  test('stands in its field with the reason under it, until it is taken back or another is accepted', async () => {
    await using(SMALL, async (page) => {
      await done(page);
      await enter(page, 'momentum', '1e400');
      const words = 'momentum: 1e400 is not allowed; allowed: a number from 0 to 1';
      expect(await alerts(page)).toEqual([words]);
      const momentum = box(page, 'momentum');
      expect(await momentum.inputValue()).toBe('1e400');
      expect(await momentum.getAttribute('aria-invalid')).toBe('true');
      expect(
        await momentum.evaluate(
          (field) =>
            (field.getRootNode() as ShadowRoot).getElementById(field.getAttribute('aria-describedby')!)
              ?.textContent,
        ),
      ).toBe(words);
      // Under the field, and both in view.
      const alert = page.getByRole('alert');
      const [field, message] = [(await momentum.boundingBox())!, (await alert.boundingBox())!];
      expect(message.y).toBeGreaterThanOrEqual(field.y + field.height);
      expect(message.y - field.y - field.height).toBeLessThan(12);
      expect(message.y + message.height).toBeLessThanOrEqual(900);

      await enter(page, 'weight decay λ', '0x10');
      expect(await alerts(page)).toEqual([
        words,
        expect.stringMatching(/^weight decay λ: 0x10 is not allowed/),
      ]);
      await momentum.press('Escape');
      expect(await momentum.inputValue()).toBe('0');
      expect(await momentum.getAttribute('aria-invalid')).toBeNull();
      expect(await alerts(page)).toHaveLength(1);

      expect(page.url()).toContain(SMALL);
      await enter(page, 'steps', '31');
      expect(await alerts(page)).toEqual([]);
      expect(await box(page, 'weight decay λ').inputValue()).toBe('0');

      await enter(page, 'seed', '');
      expect(await alerts(page)).toEqual([expect.stringMatching(/^seed: an empty entry is not allowed/)]);
      await page.locator('[data-preset=chain]').click();
      expect(await box(page, 'seed').inputValue()).toBe('1');
      expect(await alerts(page)).toEqual([]);
    });
  });

  test('of a choice: what is in force is shown', async () => {
    await using(SMALL, async (page) => {
      await list(page, 'loss').selectOption('logistic');
      expect(await alerts(page)).toEqual([expect.stringMatching(/^loss: logistic is not allowed/)]);
      expect(await list(page, 'loss').inputValue()).toBe('half-mse');
      await list(page, 'loss').press('Escape');
      expect(await alerts(page)).toEqual([]);
      await list(page, 'loss').selectOption('mse');
      expect(await alerts(page)).toEqual([]);
      expect(await list(page, 'loss').inputValue()).toBe('mse');
    });
  });

  test('of the GPU memory is no different, and what is accepted stands in the link', async () => {
    await using(SMALL, async (page) => {
      await done(page);
      const memory = box(page, 'GPU memory, MiB');
      expect(await memory.inputValue()).toBe('256');
      await enter(page, 'GPU memory, MiB', '8');
      expect(await alerts(page)).toEqual([
        'GPU memory, MiB: 8 is not allowed; allowed: an integer of MiB from 16 to 65536',
      ]);
      expect(await memory.inputValue()).toBe('8');
      await enter(page, 'GPU memory, MiB', '64');
      expect(await alerts(page)).toEqual([]);
      expect(page.url()).toContain('view.memory=64');
      await page.reload();
      expect(await memory.inputValue()).toBe('64');
    });
  });

  test('what is being typed is left alone while results come in', async () => {
    await using('#map?preset=chain&optimizer.steps=3000&view.grid=16', async (page) => {
      await page.locator('[data-phase=training]').waitFor({ timeout: PATIENCE });
      const memory = box(page, 'GPU memory, MiB');
      await memory.fill('12');
      await page.waitForTimeout(1500); // the page is drawn anew meanwhile
      expect(await memory.inputValue()).toBe('12');
      expect(await alerts(page)).toEqual([]);
      await page.getByRole('button', { name: 'Stop' }).click();
    });
  });
});

test('axes change places, and what they sweep says so', async () => {
  await using(SMALL, async (page) => {
    await list(page, 'axis across').selectOption('model.initialization.gain');
    expect(await list(page, 'axis across').inputValue()).toBe('model.initialization.gain');
    expect(await list(page, 'axis upwards').inputValue()).toBe('optimizer.learningRate');
    await page.locator('.x-label', { hasText: 'initial gain' }).first().waitFor();
    const rate = page.locator('setting-field', { has: box(page, 'learning rate η') });
    expect(await rate.locator('#note').innerText()).toContain('set by the axis upwards: 1e−4 … 10');
    expect(await box(page, 'normalization').inputValue()).toBe('none, batch');
    expect(await box(page, 'normalization').isDisabled()).toBe(true);
    expect(await alerts(page)).toEqual([]);
  });
});

test('hidden layers go and come back, and their widths may differ', async () => {
  await using(SMALL, async (page) => {
    await enter(page, 'width', '3');
    await enter(page, 'hidden layers', '0');
    expect(await box(page, 'width').inputValue()).toBe('none');
    await done(page);
    await enter(page, 'hidden layers', '2');
    expect(await box(page, 'width').inputValue()).toBe('3');
    await enter(page, 'width', '4, 2');
    expect(await box(page, 'width').inputValue()).toBe('4, 2');
    expect(await alerts(page)).toEqual([]);
    await done(page);
  });
});

describe('the history', () => {
  test('has a step for every edit, and the page stays where it is scrolled to', async () => {
    await using(SMALL, async (page) => {
      await done(page);
      const side = page.locator('.settings');
      const scrolled = () => side.evaluate((element) => element.scrollTop);
      await enter(page, 'steps', '20');
      await page.getByLabel('Colours').selectOption('orchid');
      await enterAtOnce(page, 'steps', ['21', '22']); // one step
      await list(page, 'Grid').selectOption('12');
      await enter(page, 'GPU memory, MiB', '64');
      const before = await scrolled();
      expect(before).toBeGreaterThan(0);
      const shown = async () => [
        await box(page, 'steps').inputValue(),
        await page.getByLabel('Colours').inputValue(),
        await list(page, 'Grid').inputValue(),
        await box(page, 'GPU memory, MiB').inputValue(),
      ];
      const steps = [
        ['22', 'orchid', '12', '64'],
        ['22', 'orchid', '12', '256'],
        ['22', 'orchid', '8', '256'],
        ['20', 'orchid', '8', '256'],
        ['20', 'lagoon', '8', '256'],
        ['30', 'lagoon', '8', '256'],
      ];
      for (const [i, step] of steps.entries()) {
        if (i > 0) await page.goBack();
        await expect.poll(shown).toEqual(step);
      }
      for (const step of steps.toReversed().slice(1)) {
        await page.goForward();
        await expect.poll(shown).toEqual(step);
      }
      expect(await scrolled()).toBe(before);
      await done(page);
    });
  });

  test.each(tried([], ['leaves a narrow page where it is scrolled to']))('%s', async () => {
    await using(SMALL, async (page) => {
      await page.setViewportSize({ width: 700, height: 800 });
      await done(page);
      await page.getByRole('button', { name: 'Experiment' }).click();
      await enter(page, 'steps', '20');
      await enter(page, 'batch size', '4');
      // What stands above may grow meanwhile, so it counts where the reader sees the field.
      const place = async () => (await box(page, 'batch size').boundingBox())!.y;
      const before = await place();
      expect(await page.evaluate(() => scrollY)).toBeGreaterThan(0);
      await page.goBack();
      await expect.poll(() => box(page, 'batch size').inputValue()).toBe('full');
      await done(page);
      expect(Math.abs((await place()) - before)).toBeLessThan(2);
    });
  });

  test('has one step for arrow keys in a row', async () => {
    await using(SMALL, async (page) => {
      await done(page);
      const length = () => page.evaluate(() => history.length);
      const before = await length();
      const map = page.getByRole('application').first();
      await map.evaluate((element) => {
        for (const key of ['ArrowRight', 'ArrowUp', 'ArrowUp'])
          element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
      });
      expect(await length()).toBe(before + 1);
      await pause(page);
      await map.press('ArrowUp');
      expect(await length()).toBe(before + 2);
    });
  });
});

test('what alters no trial trains nothing', async () => {
  await using(SMALL, async (page) => {
    await done(page);
    const before = await trainings(page);
    await page.getByLabel('Colours').selectOption('orchid');
    await page.getByLabel('Theme').selectOption('dark');
    await enter(page, 'GPU memory, MiB', '64');
    await enter(page, 'learning rate η', '3'); // the axis sweeps it
    await enter(page, 'steps', '30');
    await page.getByRole('link', { name: 'Kernels' }).click();
    await page.getByRole('link', { name: 'Map' }).click();
    await done(page);
    expect(await trainings(page)).toBe(before);
    await page.locator('summary', { hasText: 'Training' }).click();
    await enter(page, 'steps', '20');
    expect(await trainings(page)).toBe(before + 1);
    await done(page);
  });
});

test('a preset keeps the grid that was chosen', async () => {
  // One that is not on offer.
  await using(SMALL.replace('grid=8', 'grid=7'), async (page) => {
    await page.locator('[data-preset=sigmoid-two-layer]').click();
    expect(page.url()).toContain('preset=sigmoid-two-layer&view.grid=7');
    expect(await list(page, 'Grid').inputValue()).toBe('7');
    await page.getByText('7 × 7 cells').waitFor();
  });
});

test('a grid that is there already is not trained again, and a file keeps its own', async () => {
  await using(
    '#map?preset=chain&optimizer.steps=30',
    async (page) => {
      const cells = page.getByText(/\d+ × \d+ cells: about .* on this software adapter/);
      await cells.waitFor({ timeout: PATIENCE });
      const [, side = ''] = /(\d+) × \d+ cells/.exec(await cells.innerText()) ?? [];
      const before = await trainings(page);
      await list(page, 'Grid').selectOption(side);
      await page.getByText(new RegExp(`^${side} × ${side} cells$`)).waitFor();
      await list(page, 'Grid').selectOption('auto');
      await cells.waitFor();
      expect(await trainings(page)).toBe(before);
      await page.getByLabel('Experiment file').setInputFiles({
        name: 'small.json',
        mimeType: 'application/json',
        buffer: Buffer.from(
          JSON.stringify({
            ...presetExperiment('chain'),
            axes: { x: { parameter: 'optimizer.learningRate', scale: 'log', from: 0.01, to: 1, count: 5 } },
          }),
        ),
      });
      await page.getByText('5 × 1 cells').waitFor();
      expect(await list(page, 'Grid').inputValue()).toBe('document');
      expect(await list(page, 'axis upwards').inputValue()).toBe('none');
      await page.locator('[data-preset=depth]').click();
      expect(await list(page, 'Grid').inputValue()).toBe('auto');
    },
    built.open,
  );
});
