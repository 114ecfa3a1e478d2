import { beforeEach, expect, test } from 'vitest';
import { presetExperiment } from '../../../src/experiment/presets';
import { likelyChoice } from '../../../src/experiment/table';
import { PageState } from '../../../src/ui/page/page_state';
import { TAB_IDS, TABS } from '../../../src/ui/page/tabs';
import { decodeView } from '../../../src/ui/page/view_state';
import { FakeBrowser } from './fake_browser';
import { pictureOf, pngFile } from '../../decode_png';

let browser: FakeBrowser;
let changes: number;

function opened(hash = ''): PageState {
  browser = new FakeBrowser(hash);
  const page = new PageState(browser.asWindow);
  page.addEventListener('change', () => (changes += 1));
  return page;
}

beforeEach(() => {
  changes = 0;
});

test('no two tabs use the same key of a link', () => {
  const keys = ['theme', ...TAB_IDS.flatMap((id) => Object.values(TABS[id].settings).map(({ key }) => key))];
  expect(new Set(keys).size).toBe(keys.length);
});

test('a link is opened, and one that is wrong is told of while the first preset is shown', () => {
  expect(opened('#kernels?preset=depth&view.theme=dark').view).toMatchObject({
    tab: 'kernels',
    experiment: presetExperiment('depth'),
    theme: 'dark',
  });
  const page = opened('#map?preset=depth&optimizer.momentum=-1');
  expect(page.view).toEqual(decodeView(''));
  expect(page.problem).toMatch(/^This link cannot be opened\. optimizer\.momentum: found -1/);
  page.dismissProblem();
  expect([page.problem, changes]).toEqual([undefined, 1]);
});

test('a link whose grid the experiment does not allow is wrong', () => {
  const page = opened('#map?preset=chain&replicates=4096&view.grid=1024');
  expect(page.problem).toMatch(/^This link cannot be opened\. /);
});

test('a change is a step of the history, and Back brings the state before it', () => {
  const page = opened();
  const before = page.link;
  page.choose('view.theme', { theme: 'dark' });
  expect(browser.links.at(-1)).toBe(page.link);
  expect(page.link).toContain('view.theme=dark');
  browser.follow(before);
  expect(page.view.theme).toBe('system');
  browser.follow('#nowhere');
  expect(page.view.theme).toBe('system');
  expect(page.problem).toMatch(/^This link cannot be opened\. tab: found "nowhere"/);
});

test('an entry changes the experiment, or says in its field why not; a choice forgets what was refused', () => {
  const page = opened();
  page.enterControl('optimizer.momentum', '2');
  expect(page.entries.refusals.get('optimizer.momentum')).toMatchObject({ text: '2' });
  expect(page.view.experiment).toEqual(presetExperiment('init-gain'));
  page.enterControl('optimizer.steps', '7');
  expect(page.view.experiment.optimizer.steps).toBe(7);
  expect(page.entries.refusals.size).toBe(0);
  page.enterControl('optimizer.momentum', '2');
  page.choose('view.theme', { theme: 'light' });
  expect(page.entries.refusals.size).toBe(0);
  page.enterControl('nothing', '1');
  expect(page.view.experiment.optimizer.steps).toBe(7);
});

test('hidden layers that are gone come back with their width', () => {
  const page = opened();
  page.enterControl('model.width', '5');
  page.enterControl('model.depth', '0');
  page.enterControl('model.depth', '3');
  expect(page.view.experiment.model.hidden).toEqual([5, 5, 5]);
});

test('a file brings its own grid, and a preset leaves a grid that was chosen; both free the crosshair', async () => {
  const page = opened('#map?view.grid=16&view.at=0.1,1');
  page.choosePreset('depth');
  expect(page.view).toMatchObject({
    experiment: presetExperiment('depth'),
    map: { grid: 16, at: [] },
  });
  await page.openFile(new Blob([JSON.stringify(presetExperiment('chain'))]));
  expect(page.view).toMatchObject({ experiment: presetExperiment('chain'), map: { grid: 'document' } });
  page.choosePreset('depth');
  expect(page.view.map.grid).toBe('auto');
});

test('a file that is none leaves the experiment', async () => {
  const page = opened();
  await page.openFile(new Blob(['{']));
  expect(page.problem).toMatch(/^This file cannot be opened\. document: /);
  expect(page.view).toEqual(decodeView(''));
  page.choosePreset('depth');
  expect(page.problem).toBeUndefined();
});

test('a picture opens as the experiment in it, and one without is refused as a picture', async () => {
  const page = opened();
  const picture = pictureOf({ width: 1, height: 1, rgb: new Uint8Array(3) });
  await page.openFile(new Blob([pngFile(picture, JSON.stringify(presetExperiment('depth')))]));
  expect(page.view).toMatchObject({ experiment: presetExperiment('depth'), map: { grid: 'document' } });
  await page.openFile(new Blob([pngFile(picture)]));
  expect(page.problem).toMatch(/^This file cannot be opened\. document: found "a PNG picture"/);
});

test('a table waits for its columns to be chosen, and is data only then', async () => {
  const page = opened('#map?preset=init-gain&view.grid=16');
  const before = page.view;
  await page.openFile(new File(['a,b\n1,0\n2,1\n'], 'own.csv'));
  expect([page.opened?.name, page.view]).toEqual(['own.csv', before]);
  const { table } = page.opened!;
  expect(() => page.useTable({ header: false, roles: ['input', 'output'] })).toThrow(/^line 1, column/);
  expect([page.opened?.table, page.view]).toEqual([table, before]);
  page.useTable(likelyChoice(table));
  expect(page.opened).toBeUndefined();
  expect(page.view.map.grid).toBe(16);
  expect(page.view.experiment).toMatchObject({
    ...before.experiment,
    model: { ...before.experiment.model, inputs: 1, outputs: 1 },
    data: { type: 'inline', x: [[1], [2]], y: [[0], [1]] },
  });
  expect(decodeView(page.link)).toEqual(page.view);
});

test('a table is known by its name too, can be left, and gives way to the next file', async () => {
  const page = opened();
  await page.openFile(new File(['time: s,{b}\n1,2\n'], 'own.CSV'));
  expect(page.opened?.name).toBe('own.CSV');
  page.closeTable();
  expect(page.opened).toBeUndefined();
  await page.openFile(new File(['a,b\n1,2\n'], 'own'));
  expect(page.opened).toBeDefined();
  await page.openFile(new File(['a,b\n1\n'], 'own.csv'));
  expect(page.opened).toBeUndefined();
  expect(page.problem).toMatch(/^This file cannot be opened\. line 2: found \["1"\]/);
});
