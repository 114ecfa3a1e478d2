import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MapState } from '../../../src/ui/map/map_state';
import { PageState } from '../../../src/ui/page/page_state';
import { FakeBrowser } from '../page/fake_browser';
import { FakeClient } from './fake_client';

let client: FakeClient;
let page: PageState;
let map: MapState;

beforeEach(() => {
  vi.useFakeTimers();
  client = new FakeClient();
  page = new PageState(new FakeBrowser('#map?preset=chain&view.grid=4').asWindow);
  map = new MapState(page, client.connect);
  void client.news;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** What is asked of the client once the page has come to rest. */
function news(): string[] {
  vi.advanceTimersByTime(1000);
  return client.news;
}

test('trains what the page comes to ask for, and nothing for what alters no trial', () => {
  map.setPalette('orchid');
  map.setColouring('saturation');
  map.enterMemory('64');
  expect([map.view.palette, map.view.colouring, map.view.memory]).toEqual([
    'orchid',
    'saturation',
    64 * 2 ** 20,
  ]);
  expect(client.news).toEqual([]);
  map.enterGrid('5');
  page.enterControl('optimizer.steps', '7');
  const memory = 64 * 2 ** 20;
  expect(client.news).toEqual([`start 5 × 5, ${memory}`, `start 5 × 5, ${memory}`]);
  expect(client.experiment?.optimizer.steps).toBe(7);
  expect(page.link).toContain('view.grid=5&view.memory=64&view.palette=orchid&view.colour=saturation');
});

test('how the maps are read is in the link and trains nothing; a range goes with its colouring', () => {
  const shading = map.shadingOf(map.sweep.run!);
  map.setColouring('lossFinal');
  map.setRange([0.001, 0.125]);
  for (const name of ['equalize', 'boundary', 'theory'] as const) map.toggle(name);
  expect(page.link).toContain(
    'view.colour=lossFinal&view.range=0.001,0.125&view.equalize=on&view.boundary=on&view.theory=off',
  );
  expect(map.shadingOf(map.sweep.run!)).not.toBe(shading);
  expect(map.shadingOf(map.sweep.run!)).toBe(map.shadingOf(map.sweep.run!));
  expect(map.shadingOf(map.sweep.run!).range).toEqual([0.001, 0.125]);
  map.setColouring('share');
  expect(page.link).not.toContain('view.range');
  expect(client.news).toEqual([]);
});

test.each([
  [
    'view.range=1,0.5&view.colour=class',
    'view.range: found "1,0.5", allowed: nothing with view.colour class',
  ],
  ['view.range=0,0.5', 'view.range: found "0,0.5", allowed: two numbers above 0 with view.colour outcome'],
])('a link with %s is refused', (settings, message) => {
  const wrong = new PageState(new FakeBrowser(`#map?preset=chain&${settings}`).asWindow);
  expect(wrong.problem).toBe(`This link cannot be opened. ${message}`);
  expect(
    new PageState(new FakeBrowser(`#map?preset=chain&view.range=0,0.5&view.colour=share`).asWindow).problem,
  ).toBeUndefined();
});

test('what is found of the boundary and of slopes changes the map', () => {
  expect(map.boundaries).toBeUndefined();
  expect(map.theory.map(({ predictions, predictedSlope }) => [predictions.length, predictedSlope])).toEqual([
    [2, -8],
    [1, undefined],
  ]);
  map.toggle('boundary');
  expect(map.boundaries).toBeUndefined();
  vi.advanceTimersByTime(1000);
  expect(map.boundaries?.map(({ path }) => path)).toEqual(['', '']);
  let changes = 0;
  map.addEventListener('change', () => (changes += 1));
  vi.stubGlobal('requestAnimationFrame', setTimeout);
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  client.finish({ trial: 0, class: 'converged' }, { trial: 1, class: 'diverged' });
  vi.advanceTimersByTime(1000);
  expect(map.boundaries![0]!.path).toBe('');
  vi.advanceTimersByTime(1000);
  expect([map.boundaries![0]!.path, changes > 1]).toEqual(['M1 4V3', true]);
});

test('what is no grid or memory is refused in its field', () => {
  map.enterGrid('0');
  map.enterMemory('8');
  expect([...page.entries.refusals.keys()]).toEqual(['view.grid', 'view.memory']);
  expect(client.news).toEqual([]);
  expect(map.view.grid).toBe(4);
});

test('a pinned cell is in the link, is traced and searched for edges, and read out', () => {
  let changes = 0;
  map.addEventListener('change', () => (changes += 1));
  map.crosshair.toggle({ ix: 2, iy: 1 });
  expect(changes).toBeGreaterThan(0);
  expect(page.link).toContain('&view.at=');
  expect(news()).toEqual(['trace 6,22', 'edges over 1']);
  expect(page.announcer.text).toMatch(/^learning rate η = .*; without batch norm: waiting; /);

  const array = () => Float64Array.of(1);
  const trace = { loss: array(), gradientNorm: array(), weightNorm: array(), layers: [] };
  client.listener.trace(6, trace);
  client.listener.edges(map.crosshair.line!, [[], []], true);
  expect(map.findings.traces.get(6)).toBe(trace);
  expect(map.findings.found?.sharp).toBe(true);
});

test('a new run leaves what was pointed at, and forgets what was found', () => {
  map.crosshair.hover({ ix: 3, iy: 3 });
  expect(news()).toContain('trace 15,31');
  map.enterGrid('2');
  expect(map.crosshair.isHovering).toBe(false);
  expect(map.findings.traces.size).toBe(0);
});
