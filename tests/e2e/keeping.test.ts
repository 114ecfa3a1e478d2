import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseExperiment, parseExperimentBytes, parseExperimentText } from '../../src/experiment/parse';
import type { Experiment } from '../../src/experiment/types';
import { decodeView } from '../../src/ui/page/view_state';
import { labelledMap } from '../../src/view/map_labels';
import { decodePng, pixel } from '../decode_png';
import { EVERY } from '../every';
import { mutatedPicture, mutatedTable } from '../experiment/mutated_files';
import { readNpy } from '../view/read_npy';
import { done, settledMaps, using, type BuiltPage } from './built_page';
import { drop, exported } from './exports';
import { onePage, sharedPage } from './shared_page';

const SMALL = '#map?preset=chain&optimizer.steps=30&replicates=2&view.grid=6';
/** Pixels of a cell's side in a saved picture. */
const SIDE = 80;
/** The page's experiment with the counts of its maps. */
const shown: Experiment = (() => {
  const { experiment } = decodeView(SMALL);
  const { x, y } = experiment.axes;
  return parseExperiment({ ...experiment, axes: { x: { ...x, count: 6 }, y: { ...y, count: 6 } } });
})();

let built: BuiltPage;
beforeAll(async () => {
  built = await sharedPage();
});
afterAll(() => built.close());

describe('what the page saves', () => {
  const onTrained = onePage(() => built.openTrainedByCpu(SMALL), done);
  let picture: Buffer;

  test('is one experiment, and the same numbers, in every kind of file', async () => {
    await onTrained(async (page) => {
      const json = await exported(page, 'Experiment (JSON)');
      const png = await exported(page, 'Picture (PNG)');
      const csv = await exported(page, 'Trials (CSV)');
      const zip = await exported(page, 'Arrays (NumPy)');
      expect([json, png, csv, zip].map(({ name }) => name)).toEqual(
        ['json', 'png', 'csv', 'zip'].map((ending) => `Goodfellow-s-chain.${ending}`),
      );

      expect(parseExperimentBytes(json.bytes)).toEqual(decodeView(SMALL).experiment);
      expect(decodeView(new URL(page.url()).hash).experiment).toEqual(parseExperimentBytes(json.bytes));
      expect(parseExperimentBytes(png.bytes)).toEqual(shown);
      const files = unzipSync(zip.bytes);
      expect(parseExperimentText(strFromU8(files['experiment.json']!))).toEqual(shown);

      const map = decodePng(png.bytes);
      const { map: at } = labelledMap(
        { width: 3 * 6 * SIDE + 2 * 16, height: 6 * SIDE, rows: () => [] },
        { experiment: shown, rows: [], ramp: undefined },
      );
      const seen = await settledMaps(page);
      const cells = (panel: number) =>
        Array.from({ length: 6 * 6 }, (_, cell) => {
          const [ix, iy] = [cell % 6, Math.floor(cell / 6)];
          const x = at.x + panel * (6 * SIDE + 16) + (ix + 0.5) * SIDE;
          const [red, green, blue] = pixel(map, x, at.y + (iy + 0.5) * SIDE);
          return ((255 << 24) | (blue! << 16) | (green! << 8) | red!) >>> 0;
        }).join();
      expect([0, 1, 2].map(cells)).toEqual(seen);
      expect(JSON.parse(map.text![1]!)).toMatchObject({ result: { engine: EVERY ? 'fused' : 'reference' } });

      const [header = '', ...lines] = csv.bytes.toString().trimEnd().split('\n');
      expect(lines).toHaveLength(2 * 2 * 6 * 6);
      const rows = lines.map((line) => line.split(','));
      const { columns } = JSON.parse(strFromU8(files['arrays.json']!));
      for (const [at, name] of header.split(',').entries()) {
        if (!columns[name]) continue;
        const { shape, values } = readNpy(files[`${name}.npy`]!);
        expect(shape).toEqual([2, 2, 6, 6]);
        const words = values.map((value) => columns[name].names?.[value] ?? String(value));
        expect(words, name).toEqual(rows.map((row) => row[at]));
      }
      expect(new Set(rows.map((row) => row[6])).size, 'classes').toBeGreaterThan(1);
      picture = png.bytes;
    });
  });

  test('as a picture, dropped again, is the same experiment, picture and document', async () => {
    await onTrained(async (page) => {
      await page.getByRole('button', { name: /^Depth/ }).click();
      await page.getByRole('heading', { name: 'Depth × learning rate', exact: true }).first().waitFor();
      await drop(page, 'map.png', picture);
      await expect.poll(() => page.title()).toContain('Goodfellow');
      await expect.poll(() => decodeView(new URL(page.url()).hash).experiment).toEqual(shown);
      // Every trial of it is kept.
      await page.locator('divergence-map [data-filled="1.000"]').nth(1).waitFor();
      await done(page);
      expect((await exported(page, 'Picture (PNG)')).bytes.equals(picture)).toBe(true);
    });
  });
});

describe('a table of one’s own data', () => {
  const onOwn = onePage(() => built.openTrainedByCpu(SMALL), done);

  test('is refused by the number of its line, and the experiment goes on', async () => {
    await onOwn(async (page) => {
      await drop(page, 'own.csv', Buffer.from('a,b\n1,2\n3\n'));
      expect(await page.getByRole('alert').innerText()).toBe(
        'This file cannot be opened. line 3: found ["3"], allowed: 2 columns, as before',
      );
      await page.getByRole('button', { name: 'Dismiss' }).click();
    });
  });

  test('is asked for its columns, by the keyboard too, and refused where one is no number', async () => {
    await onOwn(async (page) => {
      const open = page.getByRole('button', { name: 'Open …' });
      await open.focus();
      const rows = Array.from({ length: 8 }, (_, i) => `${i / 4},kind ${i},${i % 2},${i}`);
      await page.getByLabel('Experiment file').setInputFiles({
        name: 'own.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(['height,kind,class,number', ...rows].join('\n')),
      });
      const dialog = page.getByRole('dialog', { name: 'Columns of own.csv' });
      await dialog.waitFor();
      const role = (name: string) => dialog.getByRole('combobox', { name });
      expect(
        await Promise.all(['height', 'kind', 'class', 'number'].map((name) => role(name).inputValue())),
      ).toEqual(['input', 'neither', 'input', 'output']);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await open.evaluate((button) => button.matches(':focus'))).toBe(true);
    });
  });

  test('is what is trained on, once its columns are chosen', async () => {
    await onOwn(async (page) => {
      const rows = Array.from({ length: 8 }, (_, i) => `${i / 4},kind ${i},${i % 2},${i}`);
      await drop(page, 'own.csv', Buffer.from(['height,kind,class,number', ...rows].join('\n')));
      const dialog = page.getByRole('dialog', { name: 'Columns of own.csv' });
      const use = dialog.getByRole('button', { name: 'Train on these' });
      await dialog.getByRole('combobox', { name: 'kind' }).selectOption('input');
      await use.click();
      expect(await dialog.getByRole('alert').innerText()).toBe(
        'line 2, column "kind": found "kind 0", allowed: a number, with a decimal point',
      );
      await dialog.getByRole('combobox', { name: 'kind' }).selectOption('left out');
      await dialog.getByRole('combobox', { name: 'class' }).selectOption('output');
      await dialog.getByRole('combobox', { name: 'number' }).selectOption('left out');
      await use.press('Enter');
      await dialog.waitFor({ state: 'detached' });
      const { experiment } = decodeView(new URL(page.url()).hash);
      expect(experiment.model).toMatchObject({ inputs: 1, outputs: 1 });
      expect(experiment.data).toMatchObject({
        type: 'inline',
        x: rows.map((_, i) => [i / 4]),
        y: rows.map((_, i) => [i % 2]),
      });
      await done(page);
      const { bytes } = await exported(page, 'Picture (PNG)');
      expect(parseExperimentBytes(bytes).data).toEqual(experiment.data);
    });
  });
});

test('mutated pictures and tables leave a page that goes on', async () => {
  await using(await built.openTrainedByCpu(SMALL), async (page) => {
    for (let seed = 0; seed < (EVERY ? 500 : 6); seed += 1) {
      await drop(page, 'map.png', mutatedPicture(seed));
      await drop(page, 'own.csv', mutatedTable(seed).bytes);
      const said = page.getByRole('alert').or(page.getByRole('dialog'));
      await said.first().waitFor();
      expect(await page.getByRole('heading', { name: 'Normscape' }).count()).toBe(1);
    }
  });
});
