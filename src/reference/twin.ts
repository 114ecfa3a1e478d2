/**
 * The CPU twin of a kernel: the same call for one trial, tensors by the same names as float64, the call's fields and variant
 * (and the trial's seed) in one record.
 */
export type Twin = (tensors: Record<string, Float64Array>, call: Record<string, number>) => void;

/**
 * A twin from its body: gives it the tensors and scalars that it names, by name.
 * The twin throws where a call lacks one of them.
 */
export function twin<T extends string, S extends string>(
  tensorNames: readonly T[],
  scalarNames: readonly S[],
  body: (tensors: Record<T, Float64Array>, scalars: Record<S, number>) => void,
): Twin {
  return (tensors, call) => {
    assertHas(tensors, tensorNames);
    assertHas(call, scalarNames);
    body(tensors, call);
  };
}

/**
 * The tangent of a twin, by which gradients are differentiated once more (Pearlmutter 1994, Fast exact multiplication by the Hessian):
 * `values` are the tensors of the same call after its twin has run, `tangents` how they change; of these it writes those of the outputs.
 */
export type Tangent = (
  values: Record<string, Float64Array>,
  tangents: Record<string, Float64Array>,
  call: Record<string, number>,
) => void;

/** A tangent from its body, as a twin is; the tangents and the values that it names have the same names. */
export function tangent<T extends string, S extends string>(
  tensorNames: readonly T[],
  scalarNames: readonly S[],
  body: (
    values: Record<T, Float64Array>,
    tangents: Record<T, Float64Array>,
    scalars: Record<S, number>,
  ) => void,
): Tangent {
  return (values, tangents, call) => {
    assertHas(values, tensorNames);
    assertHas(tangents, tensorNames);
    assertHas(call, scalarNames);
    body(values, tangents, call);
  };
}

/** The tangent of a twin that is linear in all of its tensors: the twin itself. */
export function linear(of: Twin): Tangent {
  return (_values, tangents, call) => of(tangents, call);
}

function assertHas<Name extends string, Value>(
  record: Record<string, Value>,
  names: readonly Name[],
): asserts record is Record<Name, Value> {
  const missing = names.find((name) => record[name] === undefined);
  if (missing !== undefined) throw new Error(`the call does not give ${missing}`);
}
