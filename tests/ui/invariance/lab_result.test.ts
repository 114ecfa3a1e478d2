import { expect, test } from 'vitest';
import type { Lab, LabOptions } from '../../../src/service/lab';
import type { InvariancePart, InvarianceRequest } from '../../../src/measures/invariance';
import { LabResult } from '../../../src/ui/invariance/lab_result';

const COMPUTE = { engine: 'fused', adapter: 'a GPU' };
const part = (breaking: number) => ({ breaking }) as InvariancePart;
const request = (seed: number): InvarianceRequest => ({
  activation: 'relu',
  units: 1,
  epsilon: 0,
  seed,
  scales: [1],
});
const MICROTASKS = () => new Promise<void>((resolve) => setTimeout(resolve));

/** A result of a lab whose measurements go as far as the test lets them. */
function result() {
  const asked: {
    readonly options: LabOptions<InvariancePart>;
    end(failure?: string): void;
  }[] = [];
  const lab = {
    measure: (_name: string, _request: unknown, options: LabOptions<InvariancePart>) =>
      new Promise<void>((resolve, reject) => {
        const end = (failure?: string) => (failure ? reject(new Error(failure)) : resolve());
        options.signal?.addEventListener('abort', () => resolve());
        asked.push({ options, end });
        options.began?.(COMPUTE);
      }),
  } as unknown as Lab;
  const made = new LabResult(lab, 'invariance');
  const shown = () => made.shown?.parts.map(({ breaking }) => breaking);
  return { made, asked, shown };
}

test('shows the parts of the first measurement as they come, and of later ones once they have ended', async () => {
  const { made, asked, shown } = result();
  made.want(request(1), 'gpu');
  asked[0]!.options.tell(part(1));
  expect(shown()).toEqual([1]);
  asked[0]!.options.tell(part(2));
  asked[0]!.end();
  await MICROTASKS();
  expect([made.phase, shown()]).toEqual(['done', [1, 2]]);

  made.want(request(2), 'gpu');
  asked[1]!.options.tell(part(3));
  expect([made.phase, shown(), made.shown!.request.seed]).toEqual(['measuring', [1, 2], 1]);
  asked[1]!.end();
  await MICROTASKS();
  expect([made.phase, shown(), made.shown!.request.seed]).toEqual(['done', [3], 2]);
});

test('the same is not measured again, but on another engine it is', async () => {
  const { made, asked } = result();
  made.want(request(1), 'gpu');
  made.want(request(1), 'gpu');
  asked[0]!.end();
  await MICROTASKS();
  made.want(request(1), 'gpu');
  expect(asked).toHaveLength(1);
  made.want(request(1), 'float64');
  expect(asked).toHaveLength(2);
});

test('what begins anew on another engine forgets its parts', () => {
  const { made, asked, shown } = result();
  made.want(request(1), 'gpu');
  asked[0]!.options.tell(part(1));
  asked[0]!.options.began!(COMPUTE);
  asked[0]!.options.tell(part(2));
  expect(shown()).toEqual([2]);
});

test('a later request ends the one before, and a stop whatever is under way; it is made when it is wanted again', async () => {
  const { made, asked, shown } = result();
  made.want(request(1), 'gpu');
  made.want(request(2), 'gpu');
  expect(asked[0]!.options.signal!.aborted).toBe(true);
  await MICROTASKS();
  expect(made.phase).toBe('measuring');
  made.stop();
  await MICROTASKS();
  expect([made.phase, shown()]).toEqual(['idle', undefined]);
  made.want(request(2), 'gpu');
  expect(asked).toHaveLength(3);
});

test('a failure is told in words, and nothing is shown with it', async () => {
  const { made, asked } = result();
  made.want(request(1), 'gpu');
  asked[0]!.options.tell(part(1));
  asked[0]!.end('no memory');
  await MICROTASKS();
  expect([made.phase, made.failure, made.shown]).toEqual(['failed', 'no memory', undefined]);
});
