/**
 * What a model may be made of, by the document's values, in the order in which they are offered. How each is computed stands
 * where it is computed (reference/, kernels/, training/kinds.ts): there the type checker asks for every one that is named here.
 */

export const ACTIVATIONS = {
  /** `flat`: what a unit is called whose derivative is next to nothing. */
  relu: { flat: 'inactive' },
  'leaky-relu': { flat: 'inactive' },
  tanh: { flat: 'saturated' },
  sigmoid: { flat: 'saturated' },
  identity: { flat: 'saturated' },
} as const satisfies Readonly<Record<string, { flat: string }>>;
export type Activation = keyof typeof ACTIVATIONS;

export const NORMALIZATIONS = ['none', 'batch'] as const;
export type NormalizationType = (typeof NORMALIZATIONS)[number];

export const LOSSES = ['half-mse', 'mse', 'logistic'] as const;
export type Loss = (typeof LOSSES)[number];

export const OPTIMIZERS = ['sgd'] as const;
export type OptimizerType = (typeof OPTIMIZERS)[number];

/**
 * What else may be recorded of each trial, by the headers in `trials.csv`; norms are 2-norms over all weights, sharpness the Hessian's
 * eigenvalue of largest magnitude. How each is found stands in measures/trial_measures.ts.
 */
export const MEASURES = [
  'gradient_norm_max',
  'weight_norm_final',
  'sharpness_initial',
  'sharpness_final',
] as const;
export type Measure = (typeof MEASURES)[number];

/** The values of a record of kinds, typed. */
export function namesOf<Name extends string>(kinds: Readonly<Record<Name, unknown>>): Name[];
export function namesOf(kinds: object): string[] {
  return Object.keys(kinds);
}
