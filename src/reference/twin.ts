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

function assertHas<Name extends string, Value>(
  record: Record<string, Value>,
  names: readonly Name[],
): asserts record is Record<Name, Value> {
  const missing = names.find((name) => record[name] === undefined);
  if (missing !== undefined) throw new Error(`the call does not give ${missing}`);
}
