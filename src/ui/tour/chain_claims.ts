import type { Factor } from '../../theory/gradient_factors';
import { formatNumber } from '../../view/number_format';
import { predictedRate } from '../chain/chain_network';
import type { ChainFound } from '../chain/chain_run';
import { subscript } from '../chain/factor_words';
import { decided, open, type Claim } from './verdict';

/** What ε lets through of a scale, at most. */
const EXACT = 0.01;

/** What a layer's weights and its batch norm multiply a gradient by. */
const ofLayer = (factors: readonly Factor[], layer: number, parts: readonly Factor['part'][]) =>
  factors
    .filter((factor) => factor.layer === layer && parts.includes(factor.part))
    .reduce((product, { value }) => product * (value ?? Number.NaN), 1);

/** Multiplying a layer's weights multiplies their factor, and divides that of the batch norm behind them. */
export const CANCELS: Claim<ChainFound> = {
  claim: 'Batch norm divides by what the weight is multiplied by',
  check({ view, runs }) {
    const [layer, scaled] = [view.layer - 1, view.scaled - 1];
    if (view.scale === 1) return open('move the slider “by a”');
    if (layer === scaled) return open('multiply another weight than the one whose gradient is looked at');
    if (!runs[1].network.layers[scaled]!.normalized)
      return open(`no batch norm stands behind w${subscript(scaled)}: multiply another weight`);
    const change = (arm: 0 | 1, parts: readonly Factor['part'][]) => {
      const [before, after] = [1, view.scale].map((scale) =>
        ofLayer(runs[arm].factors(view.step, layer, scaled, scale).factors, scaled, parts),
      );
      return after! / before!;
    };
    const plain = change(0, ['weights']);
    const weight = change(1, ['weights']);
    const normed = change(1, ['weights', 'scale', 'normalization']);
    const name = `w${subscript(scaled)}`;
    return decided(
      Math.abs(normed - 1) <= EXACT && Math.abs(plain / view.scale - 1) <= EXACT,
      `without, the factor of ${name} × ${formatNumber(plain)}; with, ${formatNumber(weight)} × ${formatNumber(normed / weight)} = ${normed.toFixed(3)}; theory ${formatNumber(view.scale)} and 1`,
    );
  },
};

/** Updates after which a descent has settled, or will not, and how small its loss then is beside the first. */
const SETTLED = 300;
const SMALL = 1e-6;

/** No minimum is stable beyond the rates that theory has. */
export const SETTLES: Claim<ChainFound> = {
  claim: 'At this rate only the chain with batch norm settles',
  check({ view, runs }) {
    const [plain, normed] = [predictedRate(view, 0), predictedRate(view, 1)];
    if (plain === undefined || normed === undefined) return open('look at the chain');
    if (view.rate <= plain || view.rate >= normed)
      return open(`choose η between ${formatNumber(plain)} and ${formatNumber(normed)}`);
    const ends = runs.map((run) => run.at(SETTLED).loss / run.at(0).loss);
    return decided(
      !(ends[0]! < SMALL) && ends[1]! < SMALL,
      `loss after ${SETTLED} steps, of the first: ${formatNumber(ends[0]!, 2)} without (theory: stable up to η = ${formatNumber(plain)}), ${formatNumber(ends[1]!, 2)} with (up to ${formatNumber(normed)})`,
    );
  },
};

const MOST_SLOPE = { relu: 1, sigmoid: 0.25 } as const;

/** φ′ has a bound, so that no factor of it can explode. */
export const BOUNDED_SLOPE: Claim<ChainFound> = {
  claim: 'No factor φ′ is above its bound',
  check({ view, runs }) {
    if (view.net !== 'network') return open('look at layers with φ');
    const bound = MOST_SLOPE[view.activation];
    const slopes = runs.flatMap((run) =>
      run
        .factors(view.step, view.layer - 1, view.scaled - 1, view.scale)
        .factors.filter(({ kind, part }) => kind === 'backward' && part === 'activation')
        .map(({ value }) => value ?? 0),
    );
    const most = Math.max(...slopes);
    return decided(
      most <= bound,
      `largest of ${slopes.length}: ${formatNumber(most)}, bound ${formatNumber(bound)}`,
    );
  },
};
