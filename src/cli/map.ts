import { trialIndex, type Grid } from '../experiment/axes';
import type { ResultTable } from '../scheduler/results';
import type { TrialClass } from '../training/outcome';
import type { Picture } from './png';

type Colour = readonly [red: number, green: number, blue: number];

/** By rank of the score, lowest first. Both ramps pale towards the boundary: slow to converge, slow to diverge. */
const RAMPS: Readonly<Record<TrialClass, readonly [Colour, Colour]>> = {
  converged: [
    [198, 219, 239],
    [8, 48, 107],
  ],
  stalled: [
    [150, 150, 150],
    [150, 150, 150],
  ],
  diverged: [
    [103, 0, 13],
    [253, 208, 162],
  ],
};

/** Of a trial that is dead, whatever its class. */
const DEAD: Colour = [24, 12, 20];

/** Pixels that a side of a panel has at least, and that lie between two panels. */
const SIDE = 256;
const GAP = 16;

/** One panel an arm, side by side, iy = 0 at the bottom; a cell is the mean of its replicates' colours. */
export function drawMap(grid: Grid, results: ResultTable): Picture {
  const { arms, nx, ny } = grid;
  const [cellWidth, cellHeight] = [Math.ceil(SIDE / nx), Math.ceil(SIDE / ny)];
  const panel = nx * cellWidth;
  const width = arms * panel + (arms - 1) * GAP;
  const height = ny * cellHeight;
  const rgb = new Uint8Array(width * height * 3).fill(255);
  const colours = trialColours(results);
  for (let arm = 0; arm < arms; arm += 1)
    for (let iy = 0; iy < ny; iy += 1) {
      const row = new Uint8Array(panel * 3);
      for (let ix = 0; ix < nx; ix += 1) {
        const colour = cellColour(grid, colours, arm, iy, ix);
        for (let x = 0; x < cellWidth; x += 1) row.set(colour, (ix * cellWidth + x) * 3);
      }
      const top = (ny - 1 - iy) * cellHeight;
      for (let y = top; y < top + cellHeight; y += 1) rgb.set(row, (y * width + arm * (panel + GAP)) * 3);
    }
  return { width, height, rgb };
}

function cellColour(grid: Grid, colours: Uint8Array, arm: number, iy: number, ix: number): number[] {
  const sum = [0, 0, 0];
  for (let replicate = 0; replicate < grid.replicates; replicate += 1) {
    const first = 3 * trialIndex(grid, { arm, replicate, iy, ix });
    for (const channel of sum.keys()) sum[channel]! += colours[first + channel]!;
  }
  return sum.map((total) => Math.round(total / grid.replicates));
}

/** (trials × 3); a trial's place on its class's ramp is its score's rank among all arms' scores of that class. */
function trialColours(results: ResultTable): Uint8Array {
  const scores = {
    converged: distinctScores(results, 'converged'),
    stalled: distinctScores(results, 'stalled'),
    diverged: distinctScores(results, 'diverged'),
  };
  const colours = new Uint8Array(results.trials * 3);
  for (let trial = 0; trial < results.trials; trial += 1) {
    const name = results.classOf(trial);
    if (!name) continue;
    const isDead = results.stateOf(trial) === 'dead';
    const rank = rankIn(scores[name], results.score[trial]!);
    colours.set(isDead ? DEAD : mix(RAMPS[name], rank), trial * 3);
  }
  return colours;
}

/** The scores of a class, each once, ascending; in an array, since sets and maps end at some millions. */
function distinctScores(results: ResultTable, name: TrialClass): Float64Array {
  const all = results.score.filter((_, trial) => results.classOf(trial) === name).sort();
  return all.filter((score, at) => at === 0 || !Object.is(score, all[at - 1]));
}

/** 0 for the lowest … 1 for the highest. */
function rankIn(sorted: Float64Array, score: number): number {
  let [from, to] = [0, sorted.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle]! < score) from = middle + 1;
    else to = middle;
  }
  return from / Math.max(1, sorted.length - 1);
}

function mix([low, high]: readonly [Colour, Colour], share: number): number[] {
  return low.map((channel, index) => Math.round(channel + share * (high[index]! - channel)));
}
