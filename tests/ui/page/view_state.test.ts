import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../../src/experiment/presets';
import { ExperimentError } from '../../../src/experiment/types';
import { withSetting } from '../../../src/ui/experiment/edit_experiment';
import { INVARIANCE_SETTINGS } from '../../../src/ui/invariance/invariance_view';
import { firstOf } from '../../../src/ui/page/link_settings';
import { decodeView, encodeView, type ViewState } from '../../../src/ui/page/view_state';
import { WHOLE_MAP } from '../../../src/experiment/zoom';
import { FIRST_CHAIN, randomChainView } from '../../chain_views';
import { FIRST_LANDSCAPE } from '../../landscape_views';

const first: ViewState = {
  tab: 'map',
  experiment: presetExperiment('init-gain'),
  theme: 'system',
  shows: 'everything',
  tour: 0,
  map: {
    grid: 'auto',
    memory: 256 * 2 ** 20,
    palette: 'lagoon',
    colouring: 'outcome',
    range: undefined,
    equalize: false,
    boundary: false,
    theory: true,
    at: [],
    zoom: WHOLE_MAP,
    panel: 'trial',
    curve: 'gradient',
    layer: 'all',
    time: 'steps',
    brush: [],
    hidden: [],
  },
  chain: FIRST_CHAIN,
  landscape: FIRST_LANDSCAPE,
  invariance: firstOf(INVARIANCE_SETTINGS),
  kernels: { size: 'wave' },
};

test('the page opens with the first preset', () => {
  expect(decodeView('')).toEqual(first);
  expect(decodeView('#map')).toEqual(first);
  expect(encodeView(first)).toMatch(/^#map\?check=[0-9a-f]{6}&preset=init-gain$/);
});

const map = (change: Partial<ViewState['map']>) => ({ map: { ...first.map, ...change } });

test.each<Partial<ViewState>>([
  {
    theme: 'dark',
    shows: 'maps',
    tour: 3,
    ...map({ grid: 16, palette: 'orchid', colouring: 'saturation', at: [{ x: 0.1, y: 1 }] }),
  },
  { tab: 'chain', chain: randomChainView(3) },
  { tab: 'chain', chain: { ...FIRST_CHAIN, step: 12 } },
  {
    tab: 'landscape',
    landscape: {
      net: 'linear',
      rate: 0.0125,
      steps: 500,
      every: 3,
      reach: 'linear',
      measure: 'variation',
      layer: 25,
      at: 0,
    },
  },
  {
    tab: 'invariance',
    invariance: { ...first.invariance, activation: 'relu', units: '16', epsilon: '0', seed: 3, rate: '1780' },
  },
  { tab: 'invariance', invariance: { ...first.invariance, engine: 'float64', trained: 'all' } },
  { tab: 'kernels', kernels: { size: 'square-512' } },
  map({ grid: 'document', at: [{ x: -0.25 }] }),
  map({ memory: 64 * 2 ** 20 }),
  map({ zoom: { x: { level: 3, centre: 0.4321 }, y: { level: 2, centre: 0.1875 } } }),
  map({ zoom: { x: { level: 21, centre: 0.12345678912 }, y: { level: 0, centre: 0.5 } } }),
  map({ colouring: 'lossFinal', range: [0.001, 20], equalize: true, boundary: true, theory: false }),
  map({ colouring: 'share', range: [0, 0.5] }),
  map({
    at: [
      { x: 0.1, y: 1 },
      { x: 10, y: 0.5 },
    ],
    panel: 'slice',
    curve: 'variance',
    layer: 3,
    time: 'rate',
  }),
  map({
    brush: [
      { x: 0.1, y: 1 },
      { x: 10, y: 0.5 },
      { x: 3, y: 2 },
    ],
    hidden: ['stuck', 'diverged'],
    layer: 'each',
  }),
  { experiment: withSetting(presetExperiment('depth'), 'optimizer.steps', 20) },
])('%o comes back as it was', (change) => {
  const view = { ...first, ...change };
  expect(decodeView(encodeView(view))).toEqual(view);
});

test('a link that names counts means them', () => {
  expect(decodeView('#map?preset=init-gain&axes.x.count=12').map.grid).toBe('document');
  const automatic = decodeView('#map?preset=init-gain&axes.x.count=12&view.grid=auto');
  expect(automatic.map.grid).toBe('auto');
  expect(decodeView(encodeView(automatic))).toEqual(automatic);
});

describe('a wrong link', () => {
  test.each([
    ['#nowhere', 'tab'],
    ['#map?preset=nothing', 'preset'],
    ['#map?preset=init-gain&optimizer.steps=-3', 'optimizer.steps'],
    ['#map?preset=init-gain&view.grid=0.5', 'view.grid'],
    ['#map?preset=init-gain&view.memory=8', 'view.memory'],
    ['#map?preset=init-gain&view.memory=64.5', 'view.memory'],
    ['#map?preset=init-gain&view.theme=pink', 'view.theme'],
    ['#map?preset=init-gain&view.shows=all', 'view.shows'],
    ['#map?preset=init-gain&view.tour=1.5', 'view.tour'],
    ['#tour=0', 'tour'],
    ['#tour=11', 'tour'],
    ['#tour=', 'tour'],
    ['#map?preset=init-gain&view.at=1,x', 'view.at'],
    ['#map?preset=init-gain&view.range=1', 'view.range'],
    ['#map?preset=init-gain&view.range=1,1', 'view.range'],
    ['#map?preset=init-gain&view.range=1,2,3', 'view.range'],
    ['#map?preset=init-gain&view.range=1,Infinity', 'view.range'],
    ['#map?preset=init-gain&view.equalize=yes', 'view.equalize'],
    ['#map?preset=init-gain&view.at=1,1;2,2;3,3;4,4;5,5', 'view.at'],
    ['#map?preset=init-gain&view.at=;1,1', 'view.at'],
    ['#map?preset=init-gain&view.brush=1,1,1', 'view.brush'],
    ['#map?preset=init-gain&view.layer=0', 'view.layer'],
    ['#map?preset=init-gain&view.layer=some', 'view.layer'],
    ['#map?preset=init-gain&view.hide=stuck,stuck', 'view.hide'],
    ['#map?preset=init-gain&view.hide=lost', 'view.hide'],
    ['#map?preset=init-gain&view.curve=curvature', 'view.curve'],
    ['#kernels?view.size=enormous', 'view.size'],
    ['#chain?view.chain.weights=1', 'view.chain.weights'],
    ['#chain?view.chain.weights=1,x', 'view.chain.weights'],
    ['#chain?view.chain.weights=1,0', 'view.chain.weights'],
    ['#chain?view.chain.rate=', 'view.chain.rate'],
    ['#chain?view.chain.step=1.5', 'view.chain.step'],
    ['#chain?view.chain.net=ring', 'view.chain.net'],
    ['#landscape?view.landscape.net=deep', 'view.landscape.net'],
    ['#landscape?view.landscape.rate=0', 'view.landscape.rate'],
    ['#landscape?view.landscape.steps=2.5', 'view.landscape.steps'],
    ['#landscape?view.landscape.layer=1', 'view.landscape.layer'],
    ['#map?preset=init-gain&view.zoom=2', 'view.zoom'],
    ['#map?preset=init-gain&view.grid=%', 'view.grid'],
    ['#map?view.palette=%E0%A4%A', 'view.palette'],
    ['#map?view.%=16', 'view.%'],
    ['#map?view.grid=16&view.grid=16', 'view.grid'],
    ['#map?view.grid=16=16', 'link'],
    ['#map?view.grid', 'link'],
    ['#%?preset=init-gain', 'tab'],
    ['#map?preset=init-gain&name=%', 'name'],
  ])('%s is refused by name', (hash, path) => {
    let found: unknown;
    try {
      decodeView(hash);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(ExperimentError);
    expect(found).toMatchObject({ path });
  });
});
