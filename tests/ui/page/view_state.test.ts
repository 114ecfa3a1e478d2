import { describe, expect, test } from 'vitest';
import { presetExperiment } from '../../../src/experiment/presets';
import { ExperimentError } from '../../../src/experiment/types';
import { withSetting } from '../../../src/ui/experiment/edit_experiment';
import { decodeView, encodeView, type ViewState } from '../../../src/ui/page/view_state';

const first: ViewState = {
  tab: 'map',
  experiment: presetExperiment('init-gain'),
  grid: 'auto',
  memory: 256 * 2 ** 20,
  palette: 'lagoon',
  colouring: 'outcome',
  theme: 'system',
  size: 'wave',
  at: undefined,
};

test('the page opens with the first preset', () => {
  expect(decodeView('')).toEqual(first);
  expect(decodeView('#map')).toEqual(first);
  expect(encodeView(first)).toMatch(/^#map\?check=[0-9a-f]{6}&preset=init-gain$/);
});

test.each<Partial<ViewState>>([
  { grid: 16, palette: 'orchid', colouring: 'saturation', theme: 'dark', at: { x: 0.1, y: 1 } },
  { tab: 'kernels', size: 'square-512' },
  { grid: 'document', at: { x: -0.25 } },
  { memory: 64 * 2 ** 20 },
  { experiment: withSetting(presetExperiment('depth'), 'optimizer.steps', 20) },
])('%o comes back as it was', (change) => {
  const view = { ...first, ...change };
  expect(decodeView(encodeView(view))).toEqual(view);
});

test('a link that names counts means them', () => {
  expect(decodeView('#map?preset=init-gain&axes.x.count=12').grid).toBe('document');
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
    ['#map?preset=init-gain&view.at=1,x', 'view.at'],
    ['#kernels?view.size=enormous', 'view.size'],
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
