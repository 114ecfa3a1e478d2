/** What the parts of a trial ask of each other, beyond the shape of each. */

import { layerSizes } from './layers';
import { checkStructure, LIMITS, trialStructure } from './document_schema';
import { ExperimentError, type TrialDocument } from './types';

type Problem = [path: string, value: unknown, allowed: string];
type Rule = (trial: TrialDocument) => Iterable<Problem>;

const TWO_CLASSES: readonly string[] = ['spiral', 'moons', 'circles'];

function* perLayerLists({ model, optimizer }: TrialDocument): Iterable<Problem> {
  const layers = model.hidden.length + 1;
  const lists: [string, unknown][] = [
    ['optimizer.learningRate', optimizer.learningRate],
    ['optimizer.learningRateNorm', optimizer.learningRateNorm],
    ['model.initialization.gainLayers', model.initialization.gainLayers],
  ];
  for (const [path, value] of lists) {
    if (Array.isArray(value) && value.length !== layers) {
      yield [path, value, `a list of ${layers} numbers, one for each weight layer`];
    }
  }
}

function* twoClasses({ model, data }: TrialDocument): Iterable<Problem> {
  if (!TWO_CLASSES.includes(data.type)) return;
  if (model.inputs !== 2) yield ['model.inputs', model.inputs, `2, with data.type "${data.type}"`];
  if (model.outputs !== 1) yield ['model.outputs', model.outputs, `1, with data.type "${data.type}"`];
}

function* standardized({ data }: TrialDocument): Iterable<Problem> {
  if ((data.type === 'teacher' || data.type === 'linear') && data.samples < 2) {
    yield [
      'data.samples',
      data.samples,
      `an integer from 2 to ${LIMITS.samples}, with data.type "${data.type}"`,
    ];
  }
}

function* inlineData({ model, data }: TrialDocument): Iterable<Problem> {
  if (data.type !== 'inline') return;
  if (data.y.length !== data.x.length) {
    yield ['data.y', data.y, `a list of ${data.x.length} rows, as many as data.x`];
  }
  for (const [name, rows, columns, of] of [
    ['x', data.x, model.inputs, 'inputs'],
    ['y', data.y, model.outputs, 'outputs'],
  ] as const) {
    const wrong = rows.findIndex((row) => row.length !== columns);
    if (wrong >= 0)
      yield [`data.${name}[${wrong}]`, rows[wrong], `a list of ${columns} numbers (model.${of})`];
  }
}

function* logisticTargets({ data, loss }: TrialDocument): Iterable<Problem> {
  if (loss !== 'logistic') return;
  if (data.type === 'inline') {
    for (const [row, values] of data.y.entries()) {
      const wrong = values.findIndex((value) => value !== 0 && value !== 1);
      if (wrong >= 0) yield [`data.y[${row}][${wrong}]`, values[wrong], '0 or 1, with loss "logistic"'];
    }
  } else if (!TWO_CLASSES.includes(data.type)) {
    yield ['loss', loss, `"mse" or "half-mse", since the targets of data.type "${data.type}" are not 0 or 1`];
  }
  if (data.noise !== 0) yield ['data.noise', data.noise, '0, with loss "logistic"'];
}

function* inlineWeights({ model }: TrialDocument): Iterable<Problem> {
  const { weights } = model.initialization;
  if (!weights) return;
  const sizes = layerSizes(model);
  const path = 'model.initialization.weights';
  if (weights.length !== sizes.length)
    yield [path, weights, `a list of ${sizes.length} matrices, one a layer`];
  for (const [layer, { fanIn, fanOut }] of sizes.entries()) {
    const rows = weights[layer] ?? [];
    if (rows.length !== fanIn)
      yield [`${path}[${layer}]`, rows, `a list of ${fanIn} rows (fanIn of the layer)`];
    const wrong = rows.findIndex((row) => row.length !== fanOut);
    if (wrong >= 0) {
      yield [`${path}[${layer}][${wrong}]`, rows[wrong], `a list of ${fanOut} numbers (fanOut of the layer)`];
    }
  }
}

function* inlineVectors({ model }: TrialDocument): Iterable<Problem> {
  const sizes = layerSizes(model);
  const { type, affine } = model.normalization;
  const unused = {
    biases: !model.bias && 'no such field while model.bias is false',
    gammas: type === 'batch' && affine === 'frozen' && 'no such field while affine is "frozen"',
    betas: type === 'batch' && affine === 'frozen' && 'no such field while affine is "frozen"',
  };
  for (const name of ['biases', 'gammas', 'betas'] as const) {
    const path = `model.initialization.${name}`;
    const vectors = model.initialization[name];
    if (!vectors) continue;
    if (unused[name]) yield [path, vectors, unused[name]];
    if (vectors.length !== sizes.length)
      yield [path, vectors, `a list of ${sizes.length} lists, one a layer`];
    for (const [layer, { fanOut }] of sizes.entries()) {
      const vector = vectors[layer] ?? [];
      const mayBeEmpty = name !== 'biases';
      if (vector.length === fanOut || (mayBeEmpty && vector.length === 0)) continue;
      yield [
        `${path}[${layer}]`,
        vector,
        `a list of ${fanOut} numbers (fanOut of the layer)${mayBeEmpty ? ' or []' : ''}`,
      ];
    }
  }
}

/** How far from 0 a data set's inputs may be, before they are scaled and shifted. */
function farthestInput({ data }: TrialDocument): number {
  switch (data.type) {
    case 'inline':
      return farthestOf(data.x);
    case 'linear':
      return Math.sqrt(data.samples); // of a column with mean square 1
    default:
      return FARTHEST_NORMAL; // and the curves of two classes are nearer
  }
}

/** Of inline inputs, which may be millions and are looked at for every arm. */
const farthestKnown = new WeakMap<number[][], number>();
function farthestOf(rows: number[][]): number {
  let farthest = farthestKnown.get(rows);
  if (farthest === undefined) {
    farthest = 0;
    for (const row of rows) for (const value of row) farthest = Math.max(farthest, Math.abs(value));
    farthestKnown.set(rows, farthest);
  }
  return farthest;
}

/** No draw of a normal number is farther out: √(2·25·ln 2) of the smallest uniform one. */
const FARTHEST_NORMAL = 6;

function* finiteInputs(trial: TrialDocument): Iterable<Problem> {
  const { inputScale, inputShift } = trial.data;
  const farthest = farthestInput(trial);
  if (Math.abs(inputScale) * farthest + Math.abs(inputShift) > LIMITS.number)
    yield [
      'data.inputScale',
      inputScale,
      `a number with which no input is beyond 3.4e38 (the farthest is ${farthest.toPrecision(2)}, the shift ${inputShift})`,
    ];
}

const RULES: readonly Rule[] = [
  finiteInputs,
  perLayerLists,
  twoClasses,
  standardized,
  inlineData,
  logisticTargets,
  inlineWeights,
  inlineVectors,
];

/** Refuses a trial whose parts contradict each other. */
export function checkConsistency(trial: TrialDocument): void {
  for (const rule of RULES) {
    for (const problem of rule(trial)) throw new ExperimentError(...problem);
  }
}

/** A trial's document with every default filled in. */
export function parseTrial(document: unknown): TrialDocument {
  const trial: TrialDocument = checkStructure(trialStructure, document);
  checkConsistency(trial);
  return trial;
}
