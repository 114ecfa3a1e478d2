import { describe, expect, test } from 'vitest';
import { PRESETS, presetExperiment } from '../../src/experiment/presets';
import type { Experiment } from '../../src/experiment/types';
import type { ResultTable } from '../../src/scheduler/results';
import { takingTurns } from '../every';
import { ENGINES, runSweep } from '../sweeps';

/** Cells a side, and steps: what the reference trains in seconds. */
const SIDE = 6;
const STEPS = 20;
/** Sohl-Dickstein's plane is compared at its own size and rule in sohl_dickstein.test.ts. */
const COMPARED = PRESETS.map(({ id }) => id).filter((id) => id !== 'sohl-dickstein');

function small(id: string): Experiment {
  const preset = presetExperiment(id);
  const { x, y } = preset.axes;
  return {
    ...preset,
    axes: { x: { ...x, count: SIDE }, ...(y && { y: { ...y, count: SIDE } }) },
    optimizer: { ...preset.optimizer, steps: STEPS },
  };
}

/** Whether a cell has a neighbour of another class in its arm, diagonally too: only there may rounding decide. */
function atBoundary(results: ResultTable, trial: number): boolean {
  const [cell, first] = [trial % SIDE ** 2, trial - (trial % SIDE ** 2)];
  const [ix, iy] = [cell % SIDE, Math.floor(cell / SIDE)];
  return [-1, 0, 1].some((down) =>
    [-1, 0, 1].some((right) => {
      const [x, y] = [ix + right, iy + down];
      if (x < 0 || y < 0 || x >= SIDE || y >= SIDE) return false;
      return results.class[first + y * SIDE + x] !== results.class[trial];
    }),
  );
}

describe.each(COMPARED.map((id, index) => [id, index] as const))('the preset %s', (id, index) => {
  let reference: Promise<ResultTable> | undefined;

  test.each(takingTurns(['fused in software', 'layered'] as const, index))(
    '%s gives the classes of the reference',
    async (engine) => {
      const run = async (name: keyof typeof ENGINES) => (await runSweep(small(id), ENGINES[name])).results;
      const expected = await (reference ??= run('reference'));
      const actual = await run(engine);
      const trials = [...expected.class.keys()];
      const different = trials.filter((trial) => actual.class[trial] !== expected.class[trial]);
      console.log(`${id}, ${engine}: ${different.length} of ${trials.length} differ`);
      expect(different.filter((trial) => !atBoundary(expected, trial))).toEqual([]);
      expect(different.length).toBeLessThanOrEqual(trials.length * 0.005);
    },
  );
});
