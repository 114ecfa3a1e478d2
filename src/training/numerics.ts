/**
 * The version of the numerics: which bits come out of a trial. Raise it with every change after which any trial may come out otherwise,
 * in any engine: of a kernel or its twin, of a plan's order, of the data or the first parameters, of how an outcome is judged. What was kept by
 * another version is then not used any more (`service/result_address.ts`, the checkpoint of `sweep`).
 * `tests/training/numerics.test.ts` sees when a kernel, a twin or what makes data and parameters changes.
 */
export const NUMERICS = 4;
