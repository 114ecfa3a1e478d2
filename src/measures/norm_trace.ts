import { effectiveRate, squaredNormAfter } from '../theory/scale_invariance';

/** What a trial did at each step that it recorded: as many numbers each. */
export interface NormTrace {
  readonly rate: number;
  /** The loss before update t, ½·mean (ŷ − y)². */
  readonly loss: Float64Array;
  /** ‖W‖₂ before it, and ‖∂loss/∂W‖₂ that it uses: of the layer. */
  readonly weightNorm: Float64Array;
  readonly gradientNorm: Float64Array;
}

/**
 * By how much ‖w₊‖² is off ‖w‖² + η²‖g‖², relative to it: of each step but the last. What is less than rounding is told as rounding.
 * @param roundoff of the engine that trained
 */
export function lawErrors({ rate, weightNorm, gradientNorm }: NormTrace, roundoff: number): Float64Array {
  return Float64Array.from({ length: Math.max(0, weightNorm.length - 1) }, (_, step) => {
    const squared = weightNorm[step + 1]! ** 2;
    const law = squaredNormAfter(weightNorm[step]!, gradientNorm[step]!, rate);
    return Math.max(roundoff, Math.abs(squared - law) / squared);
  });
}

/** ‖w‖² by step as it was, and as the law has it from the first one on: ‖w₀‖² + η²·Σ‖g‖². */
export function squaredNorms({ rate, weightNorm, gradientNorm }: NormTrace): [Float64Array, Float64Array] {
  let squared = (weightNorm[0] ?? Number.NaN) ** 2;
  const law = weightNorm.map((_, step) => {
    if (step > 0) squared = squaredNormAfter(Math.sqrt(squared), gradientNorm[step - 1]!, rate);
    return squared;
  });
  return [weightNorm.map((norm) => norm ** 2), law];
}

/** η/‖w‖² by step. */
export function effectiveRates({ rate, weightNorm }: NormTrace): Float64Array {
  return weightNorm.map((norm) => effectiveRate(rate, norm));
}
