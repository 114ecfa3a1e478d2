import { twin, type Twin } from './twin';

export const identity = (x: number): number => x;
export const identityDerivative = (_y: number): number => 1;

export const relu = (x: number): number => Math.max(x, 0);
/** 0 at 0, as PyTorch has it. */
export const reluDerivative = (y: number): number => (Number.isNaN(y) ? y : Number(y > 0));

/** Through exp(−|x|), which cannot overflow. */
export function sigmoid(x: number): number {
  const decay = Math.exp(-Math.abs(x));
  return (x < 0 ? decay : 1) / (1 + decay);
}
export const sigmoidDerivative = (y: number): number => y * (1 - y);

export const tanh = (x: number): number => Math.tanh(x);
export const tanhDerivative = (y: number): number => (1 - y) * (1 + y);

/** y = φ(gain·x) */
export function activationForward(phi: (x: number) => number): Twin {
  return twin(['x', 'gain', 'y'], [], ({ x, gain, y }) => {
    for (let i = 0; i < y.length; i++) y[i] = phi(gain[0]! * x[i]!);
  });
}

/** dx = dy·gain·φ′, φ′ from the output y */
export function activationBackward(derivative: (y: number) => number): Twin {
  return twin(['y', 'dy', 'gain', 'dx'], [], ({ y, dy, gain, dx }) => {
    for (let i = 0; i < dx.length; i++) dx[i] = dy[i]! * gain[0]! * derivative(y[i]!);
  });
}
