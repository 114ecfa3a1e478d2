import { expect, test } from 'vitest';
import { presetExperiment } from '../../../src/experiment/presets';
import type { SharpnessAlongPart, SharpnessAlongRequest } from '../../../src/measures/sharpness_along';
import type { LabOptions } from '../../../src/service/lab';
import { withSide } from '../../../src/service/grid_choice';
import { newRun } from '../../../src/ui/map/run';
import { Sharpnesses } from '../../../src/ui/map/sharpnesses';
import { sharpnessWords } from '../../../src/view/sharpness_words';
import { sharpnessCurves } from '../../../src/view/trial_curves';

/** A lab that keeps what it is asked for until it is told to answer. */
class FakeLab {
  request!: SharpnessAlongRequest;
  options!: LabOptions<SharpnessAlongPart>;
  end!: (failure?: string) => void;

  readonly measure = (_name: string, request: unknown, options: unknown) => {
    this.request = request as SharpnessAlongRequest;
    this.options = options as LabOptions<SharpnessAlongPart>;
    return new Promise<void>((resolve, reject) => {
      this.end = (failure) => (failure === undefined ? resolve() : reject(new Error(failure)));
    });
  };
}

const run = newRun(withSide(presetExperiment('init-gain'), 4));
const begin = () => {
  const lab = new FakeLab();
  return { lab, found: new Sharpnesses({ run }, lab as never) };
};

test('is measured in float64, kept as it comes, and asked for once', async () => {
  const { lab, found } = begin();
  const asked = found.ask([3, 19]);
  expect(lab.options.engine).toBe('float64');
  expect(lab.request.documents.map(({ model }) => model.normalization.type)).toEqual(['none', 'batch']);
  expect([...found.waiting]).toEqual([3, 19]);
  lab.options.tell({ document: 0, step: 0, value: -4, error: 0.001 });
  lab.options.tell({ document: 0, step: 5, value: 16, error: 0.002 });
  lab.options.tell({ document: 1, step: 0, value: 1, error: 0 });
  expect(found.known.get(3)).toEqual({ steps: [0, 5], values: [-4, 16], errors: [0.001, 0.002] });
  lab.options.began!({ engine: 'reference', adapter: 'CPU' }); // anew: the parts before are void
  expect(found.known.size).toBe(0);
  lab.options.tell({ document: 1, step: 0, value: 2, error: 0 });
  lab.end();
  await asked;
  expect([found.waiting.size, found.known.get(19)!.values]).toEqual([0, [2]]);
  void found.ask([19, 3]);
  expect(lab.request.documents).toHaveLength(1);
});

test('says why it cannot be, and leaves what is no longer wanted', async () => {
  const { lab, found } = begin();
  const asked = found.ask([3]);
  lab.end('no such worker');
  await asked;
  expect([found.failure, found.waiting.size]).toEqual(['no such worker', 0]);
  void found.ask([3]);
  const { signal } = lab.options;
  expect([found.failure, signal!.aborted]).toEqual(['', false]);
  void found.ask([4]);
  expect([signal!.aborted, [...found.waiting]]).toEqual([true, [4]]);
  found.begin();
  expect([lab.options.signal!.aborted, found.waiting.size]).toEqual([true, 0]);
});

test('is drawn by its magnitude beside 2/η, and told with its sign and error', () => {
  const history = { steps: [0, 5, 40], values: [-4, 16, 20], errors: [0.002, 0.016, 0.002] };
  const { sharpness, limit } = sharpnessCurves(history, 0.1);
  expect([sharpness.values, limit.values, limit.steps]).toEqual([
    [4, 16, 20],
    [20, 20, 20],
    [0, 5, 40],
  ]);
  expect(sharpnessCurves(history, 0.1).sharpness).toBe(sharpness);
  expect(sharpnessWords(history, 0.1)).toBe(
    'λ −4 at the start, 20 at step 40 (η·λ 2); below 0 at 1 of 3 steps; error up to 0.1 %',
  );
});
