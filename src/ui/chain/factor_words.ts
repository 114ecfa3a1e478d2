import type { Factor } from '../../theory/gradient_factors';
import type { SmallNetwork } from '../../theory/small_network';

const DIGITS = '₀₁₂₃₄₅₆₇₈₉';

/** `₁₀`, for a layer counted from 0: its number as an index. */
export function subscript(layer: number): string {
  return String(layer + 1).replace(/\d/g, (digit) => DIGITS[Number(digit)]!);
}

/** `w₃`, or `W₃` where a layer has more than one weight. */
export function weightName({ layers }: SmallNetwork, layer: number): string {
  const { fanIn, fanOut } = layers[layer]!;
  return `${fanIn * fanOut === 1 ? 'w' : 'W'}${subscript(layer)}`;
}

/** A factor as the formula has it, and what it is in words. */
export function factorWords(
  network: SmallNetwork,
  { kind, part, layer }: Factor,
): readonly [symbol: string, words: string] {
  if (layer < 0) return ['x', 'input over the batch'];
  const index = subscript(layer);
  const weight = weightName(network, layer);
  const size = `|${weight}|`;
  switch (kind) {
    case 'error':
      return ['∂J/∂ŷ', 'error over the batch'];
    case 'input':
      return [`from b${index}`, 'what a bias makes of nothing'];
    case 'alignment':
      return ['agreement', 'of gradient and signal'];
    case 'forward':
      if (part === 'weights')
        return [network.layers[layer]!.bias ? `${weight}, b${index}` : size, 'on the way forward'];
      return part === 'normalization'
        ? [`BN${index}`, 'on the way forward']
        : [`φ${index}`, 'on the way forward'];
    case 'backward':
      switch (part) {
        case 'mean':
          return [`BN${index} − mean`, 'mean removed'];
        case 'standardized':
          return [`BN${index} − x̂`, 'x̂ part removed'];
        case 'scale':
          return [`|γ${index}|/σ${index}`, 'scale of batch norm'];
        case 'activation':
          return [`φ′(z${index})`, 'slope over the batch'];
        default:
          return [size, 'weight'];
      }
  }
}

/** Those factors of which the three parts of batch norm’s Jacobian are. */
export function isBatchNorm({ part }: Factor): boolean {
  return part === 'mean' || part === 'standardized' || part === 'scale' || part === 'normalization';
}
