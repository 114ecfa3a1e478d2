import { expect, test } from 'vitest';
import { presetExperiment } from '../../../src/experiment/presets';
import { clampedView, WHOLE_MAP, type Zoom } from '../../../src/experiment/zoom';
import { boxing, centring, frameBetween, frameOf, isHeld, panning } from '../../../src/ui/map/frame';
import { boxed, lookedAt } from '../../../src/ui/map/viewport';
import { mulberry32 } from '../../mulberry32';

const { axes } = presetExperiment('init-gain');
const VIEW: Zoom = { x: { level: 2, centre: 0.5 }, y: { level: 3, centre: 0.25 } };
const NO_GRIP = { x: 0, y: 0 };

test('a frame is where its view lies, as high as the map where there is no second axis', () => {
  expect(frameOf(VIEW, true)).toEqual({ from: { x: 0.375, y: 0.1875 }, to: { x: 0.625, y: 0.3125 } });
  expect(frameOf(VIEW, false)).toEqual({ from: { x: 0.375, y: 0 }, to: { x: 0.625, y: 1 } });
  expect(frameBetween({ x: 0.7, y: 0.1 }, { x: 0.2, y: 0.4 }, true)).toEqual({
    from: { x: 0.2, y: 0.1 },
    to: { x: 0.7, y: 0.4 },
  });
});

test('it is held within and a little beyond, but not where it is the whole map', () => {
  const beyond = { x: 0.64, y: 0.2 };
  expect(isHeld(VIEW, true, { x: 0.6, y: 0.2 }, NO_GRIP)).toBe(true);
  expect(isHeld(VIEW, true, beyond, NO_GRIP)).toBe(false);
  expect(isHeld(VIEW, true, beyond, { x: 0.02, y: 0 })).toBe(true);
  expect(isHeld(VIEW, false, { x: 0.6, y: 0.9 }, NO_GRIP)).toBe(true);
  expect(isHeld(WHOLE_MAP, true, { x: 0.5, y: 0.5 }, NO_GRIP)).toBe(false);
});

test('dragged, it goes as far as the pointer on the whole map', () => {
  const view = lookedAt(VIEW, axes, panning(VIEW, { x: 0.5, y: 0.25 }, { x: 0.7, y: 0.35 }));
  expect([view.x.level, view.y.level]).toEqual([2, 3]);
  expect([view.x.centre, view.y.centre]).toEqual([expect.closeTo(0.7, 12), expect.closeTo(0.35, 12)]);
});

test('a click puts its middle there, as far as there is more of the map', () => {
  const view = lookedAt(VIEW, axes, centring(VIEW, { x: 0.95, y: 0.5 }));
  expect(view).toEqual({ x: { level: 2, centre: 0.875 }, y: { level: 3, centre: 0.5 } });
});

test('a drawn frame is the same view from whatever view it is drawn', () => {
  const random = mulberry32(11);
  const place = () => ({ x: random(), y: random() });
  for (let i = 0; i < 200; i += 1) {
    const [one, other, { x, y }] = [place(), place(), place()];
    const from: Zoom = {
      x: clampedView(axes.x, { level: 6 * random(), centre: x }),
      y: clampedView(axes.y!, { level: 6 * random(), centre: y }),
    };
    const expected = boxed(WHOLE_MAP, axes, one, other);
    const drawn = lookedAt(from, axes, boxing(from, one, other));
    expect([drawn.x.level, drawn.y.level]).toEqual([expected.x.level, expected.y.level]);
    expect(drawn.x.centre).toBeCloseTo(expected.x.centre, 9);
    expect(drawn.y.centre).toBeCloseTo(expected.y.centre, 9);
  }
});
