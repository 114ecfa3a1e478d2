import { describe, expect, test } from 'vitest';
import { geometryOf } from '../../src/kernels/geometry';
import { shapeName, shapeNamed } from '../../src/training/shape_names';

describe('the name of a shape', () => {
  const choices = [true, false].flatMap((software) =>
    [true, false].flatMap((narrow) =>
      [true, false].flatMap((subgroups) => geometryOf({ software }).fused(narrow, subgroups)),
    ),
  );
  test.each(choices.map((choice) => [shapeName(choice), choice] as const))(
    '%s is understood',
    (name, choice) => {
      const { most: _most, few: _few, limit: _limit, ...shape } = choice;
      expect(shapeNamed(name)).toEqual(shape);
    },
  );

  test.each([
    '',
    'many',
    'single-32-interleaved',
    'single-33-interleaved-rows',
    'single-512-interleaved-rows',
    'quad-8-storage-columns',
    'quad-4-storage-columns-written',
    'quad-4-storage-columns-2',
    'workgroup-32-private-rows',
    'workgroup-32-workgroup-rows-2',
    'workgroup-32-workgroup-rows-held',
    'single-32-interleaved-columns-held',
    'single-32-interleaved-rows-written-held',
    'single-32-interleaved-rows-held-2',
  ])('%s is none', (name) => expect(shapeNamed(name)).toBeUndefined());
});
