/**
 * By how much the mean square of a gradient grows for each layer that it goes back through, at initialization, in a wide and deep network
 * of φ(BN(z)) with independent Gaussian weights: E[φ′(z)²]/Var φ(z), z ~ N(0, 1). It is above 1 for every φ that is not linear: batch norm
 * makes gradients of deep networks explode at initialization, where without it He's initialization of ReLU keeps them as they are.
 *
 * Source: Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz 2019, "A mean field theory of batch normalization", arXiv 1902.08129.
 * For a batch that is large.
 */
export function gradientGrowth(activation: 'relu' | 'tanh' | 'sigmoid' | 'identity'): number {
  const { phi, slope } = FUNCTIONS[activation];
  const mean = gaussianMean(phi);
  return gaussianMean((z) => slope(z) ** 2) / gaussianMean((z) => (phi(z) - mean) ** 2);
}

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

const FUNCTIONS = {
  relu: { phi: (z: number) => Math.max(z, 0), slope: (z: number) => Number(z > 0) },
  tanh: { phi: Math.tanh, slope: (z: number) => 1 - Math.tanh(z) ** 2 },
  sigmoid: { phi: sigmoid, slope: (z: number) => sigmoid(z) * (1 - sigmoid(z)) },
  identity: { phi: (z: number) => z, slope: () => 1 },
} as const;

/** Beyond so many standard deviations nothing of a Gaussian is left in float64. */
const REACH = 9;
const POINTS = 4000;

/** The mean of f(z), z ~ N(0, 1), by the midpoint rule: no point lies on the kink of ReLU. */
function gaussianMean(f: (z: number) => number): number {
  const width = (2 * REACH) / POINTS;
  let sum = 0;
  for (let i = 0; i < POINTS; i += 1) {
    const z = -REACH + width * (i + 0.5);
    sum += f(z) * Math.exp(-(z ** 2) / 2);
  }
  return (sum * width) / Math.sqrt(2 * Math.PI);
}
