import { expect, test } from 'vitest';
import { Frames } from '../../src/view/frames';

const frame = (step: number) => ({
  step,
  loss: Float32Array.of(step, -step),
  divergedAt: Int32Array.of(-1, step > 2 ? 2 : -1),
});

test('frames are found by their step, and the latest tells what has diverged', () => {
  const frames = new Frames();
  expect([frames.last, frames.upTo(5), frames.initial, frames.after(0)]).toEqual([
    -1,
    -1,
    undefined,
    undefined,
  ]);
  for (const step of [0, 1, 4]) frames.add(frame(step));
  expect([frames.last, frames.upTo(3), frames.upTo(9), frames.after(1), frames.after(4)]).toEqual([
    4,
    1,
    4,
    4,
    undefined,
  ]);
  expect([...frames.loss(1)!, ...frames.initial!]).toEqual([1, -1, 0, -0]);
  expect(frames.loss(3)).toBeUndefined();
  expect([...frames.divergedAt]).toEqual([-1, 2]);
});

test('beyond their bytes frames are thinned out evenly; the first and the last stay', () => {
  const most = 9;
  const frames = new Frames(most * 2 * Float32Array.BYTES_PER_ELEMENT);
  const steps = 100;
  for (let step = 0; step < steps; step += 1) {
    frames.add(frame(step));
    const kept = Array.from({ length: step + 1 }, (_, at) => at).filter((at) => frames.loss(at));
    expect(kept.length).toBe(Math.min(most, step + 1));
    expect([kept[0], kept.at(-1)]).toEqual([0, step]);
    const gaps = kept.slice(1).map((at, i) => at - kept[i]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(1, (4 * step) / (most - 1)));
  }
});

test('two frames are kept, however large they are', () => {
  const frames = new Frames(1);
  for (const step of [0, 1, 2]) frames.add(frame(step));
  expect([frames.loss(0), frames.loss(1), frames.loss(2)].map(Boolean)).toEqual([true, false, true]);
});
