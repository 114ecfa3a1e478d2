import { linear, twin } from './twin';

/** z[i,j] += bias[j] */
export const biasForward = twin(['bias', 'z'], ['rows', 'cols'], ({ bias, z }, { rows, cols }) => {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) z[i * cols + j]! += bias[j]!;
  }
});

/** gradient[j] = Σ_i dz[i,j] */
export const biasBackward = twin(['dz', 'gradient'], ['rows', 'cols'], ({ dz, gradient }, { rows, cols }) => {
  gradient.fill(0);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) gradient[j]! += dz[i * cols + j]!;
  }
});

export const biasForwardTangent = linear(biasForward);
export const biasBackwardTangent = linear(biasBackward);
