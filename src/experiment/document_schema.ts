/** The shape of the document, field by field: what each may hold, in words, and its default. */

import { ACTIVATIONS, LOSSES, MEASURES, namesOf, NORMALIZATIONS, OPTIMIZERS } from './kinds';
import * as v from 'valibot';
import { formatPath, isRecord, type PathKey } from './path';
import { ExperimentError } from './types';

export const LIMITS = {
  width: 512,
  hidden: 63,
  samples: 65536,
  batch: 65536,
  steps: 1_000_000,
  count: 4096,
  /** Levels of an axis: with as many points as there may be, the deepest is as fine as float64. */
  zoom: 40,
  replicates: 4096,
  arms: 8,
  /** Settings of an arm; parts of a link. */
  settings: 512,
  seed: 2 ** 32 - 1,
  /** Near the largest float32: what lies beyond would be infinite on the GPU. */
  number: 3.4e38,
} as const;

type Entries = Record<string, v.GenericSchema & { message?: unknown }>;

const show = (value: number) =>
  Math.abs(value) >= 1e9 ? value.toExponential().replace('+', '') : `${value}`;

function integer(from: number, to: number, also = '') {
  return v.custom<number>(
    (value) => Number.isSafeInteger(value) && Number(value) >= from && Number(value) <= to,
    `an integer from ${from} to ${to}${also}`,
  );
}

const isNumber = (from: number, to: number) => (value: unknown) =>
  typeof value === 'number' && value >= from && value <= to;

function number(from: number, to: number = LIMITS.number) {
  return v.custom<number>(isNumber(from, to), `a number from ${show(from)} to ${show(to)}`);
}

const real = number(-LIMITS.number);
const nonNegative = number(0);
const positive = v.custom<number>(
  (value) => typeof value === 'number' && value > 0 && value <= LIMITS.number,
  `a number above 0, at most ${show(LIMITS.number)}`,
);
/** What is less than that is no normal float32, and a GPU may take it for 0. */
const LEAST_NORMAL = 2 ** -126;
const epsilon = v.custom<number>(
  (value) => value === 0 || isNumber(LEAST_NORMAL, LIMITS.number)(value),
  `0 or a number from ${LEAST_NORMAL} to ${show(LIMITS.number)}`,
);
const text = v.string('a text');
const truth = v.boolean('true or false');

/** `a, b or c` */
function alternatives(options: readonly string[]): string {
  const quoted = options.map((option) => `"${option}"`);
  return quoted.length < 2 ? quoted.join() : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}

function oneOf<const T extends readonly string[]>(...options: T) {
  return v.picklist(options, alternatives(options));
}

/** The length of a list, before its entries: no more of them are looked at than there may be. */
function lengthOf<T>(from: number, to: number, what: string) {
  return v.custom<T[]>(
    (value) => Array.isArray(value) && value.length >= from && value.length <= to,
    `a list of ${from} to ${to} ${what}`,
  );
}

function list<T extends v.GenericSchema>(item: T, from: number, to: number, what: string) {
  return v.pipe(lengthOf<v.InferInput<T>>(from, to, what), v.array(item));
}

/** A rate for all weight layers or one for each; their number is checked against the model later. */
const rates = v.pipe(
  v.custom<number | number[]>(
    (value) => typeof value === 'number' || Array.isArray(value),
    'a number from 0 to 3.4e38, or a list of one for each weight layer',
  ),
  v.lazy((value) =>
    Array.isArray(value) ? list(nonNegative, 1, LIMITS.hidden + 1, 'numbers') : nonNegative,
  ),
);

function fields<T extends Entries>(entries: T) {
  // Without a prototype, so that a field named `toString` is as unknown as any other.
  const own: T = Object.setPrototypeOf({ ...entries }, null);
  return v.strictObject(own, ({ expected, path }) =>
    expected === 'never'
      ? `no such field; the fields here are ${Object.keys(own).join(', ')}`
      : String(own[String(path?.at(-1)?.key)]?.message ?? 'an object'),
  );
}

/** valibot takes a list for an object whose fields all have defaults; the document does not. */
function record(entries: Entries) {
  return v.custom<object>(isRecord, `an object with the fields ${Object.keys(entries).join(', ')}`);
}

function object<T extends Entries>(entries: T) {
  return v.pipe(record(entries), fields(entries));
}

/** There may be millions of numbers in rows, so valibot sees them one by one only to find the wrong one. */
const isReal = isNumber(-LIMITS.number, LIMITS.number);
const isRow = (value: unknown) => Array.isArray(value) && value.every(isReal);
const isMatrix = (value: unknown) => Array.isArray(value) && value.every(isRow);
const taken = v.custom<number[][]>(() => true);
const searched = v.array(v.array(real, 'a list of numbers'), 'a list of lists of numbers');
const matrix = v.lazy((value): v.GenericSchema<number[][]> => (isMatrix(value) ? taken : searched));

const INITIALIZATIONS = ['he', 'lecun', 'glorot', 'normal', 'constant'] as const;
const gains = {
  gain: v.optional(real, 1),
  gainLayers: v.exactOptional(list(real, 1, LIMITS.hidden + 1, 'numbers, one for each weight layer')),
};
const initializations = {
  random: { type: v.optional(v.picklist(INITIALIZATIONS), 'he'), ...gains },
  inline: {
    type: v.literal('inline'),
    ...gains,
    weights: v.array(matrix, 'a list of one matrix [fanIn][fanOut] for each weight layer'),
    biases: v.exactOptional(matrix),
    gammas: v.exactOptional(matrix),
    betas: v.exactOptional(matrix),
  },
};

const TOYS = ['gaussian', 'spiral', 'moons', 'circles', 'teacher'] as const;
const transform = {
  inputScale: v.optional(real, 1),
  inputShift: v.optional(real, 0),
  noise: v.optional(nonNegative, 0),
};
const samples = v.optional(integer(1, LIMITS.samples), 128);
const dataSets = {
  made: { type: v.picklist(TOYS), samples, ...transform },
  linear: { type: v.literal('linear'), samples, target: v.optional(real, 1), ...transform },
  inline: {
    type: v.literal('inline'),
    x: v.pipe(lengthOf<number[]>(1, LIMITS.samples, 'rows of numbers'), matrix),
    y: v.pipe(lengthOf<number[]>(1, LIMITS.samples, 'rows of numbers'), matrix),
    ...transform,
  },
};

const rules = {
  threshold: {
    type: v.optional(v.literal('threshold'), 'threshold'),
    divergence: v.optional(positive, 1000),
    target: v.optional(positive, 0.5),
    window: v.optional(integer(1, LIMITS.steps), 20),
  },
  'sohl-dickstein': { type: v.literal('sohl-dickstein') },
};

const INITIALIZATION_TYPES = alternatives([...INITIALIZATIONS, 'inline']);
const DATA_TYPES = alternatives([...TOYS, 'linear', 'inline']);
const RULE_TYPES = alternatives(['threshold', 'sohl-dickstein']);
const typed = v.custom<object>(isRecord, 'an object with a type');

/** The fields that each type of a part with several types has. */
const FIELDS_BY_TYPE = new Map<string, (type: unknown) => Entries>([
  ['model.initialization', (type) => initializations[type === 'inline' ? 'inline' : 'random']],
  ['data', (type) => dataSets[type === 'linear' || type === 'inline' ? type : 'made']],
  ['rule', (type) => rules[type === 'sohl-dickstein' ? type : 'threshold']],
]);

/** Whether a part of the document, such as `data`, still has this field once its type is `type`. */
export function hasField(part: string, type: unknown, field: string): boolean {
  const entries = FIELDS_BY_TYPE.get(part)?.(type);
  return entries === undefined || Object.hasOwn(entries, field);
}

const normalization = {
  type: v.optional(oneOf(...NORMALIZATIONS), 'batch'),
  placement: v.optional(oneOf('pre', 'post'), 'pre'),
  affine: v.optional(oneOf('trained', 'frozen'), 'trained'),
  epsilon: v.optional(epsilon, 1e-5),
  layers: v.optional(oneOf('hidden', 'all', 'last'), 'hidden'),
};

const width = integer(1, LIMITS.width);
const model = {
  inputs: width,
  hidden: list(width, 0, LIMITS.hidden, 'widths'),
  outputs: width,
  activation: oneOf(...namesOf(ACTIVATIONS)),
  preactivationGain: v.optional(real, 1),
  bias: v.optional(truth, false),
  scaling: v.optional(oneOf('standard', 'ntk', 'mean-field'), 'standard'),
  normalization: v.optional(object(normalization), {}),
  initialization: v.optional(
    v.pipe(
      typed,
      v.variant(
        'type',
        [fields(initializations.random), fields(initializations.inline)],
        INITIALIZATION_TYPES,
      ),
    ),
    {},
  ),
};

const optimizer = {
  type: v.optional(oneOf(...OPTIMIZERS), 'sgd'),
  learningRate: rates,
  learningRateNorm: v.exactOptional(rates),
  momentum: v.optional(number(0, 1), 0),
  weightDecay: v.optional(nonNegative, 0),
  batch: v.optional(
    v.custom<'full' | number>(
      (value) => value === 'full' || v.is(integer(1, LIMITS.batch), value),
      `"full" or an integer from 1 to ${LIMITS.batch}`,
    ),
    'full',
  ),
  steps: integer(1, LIMITS.steps),
};

const trial = {
  model: object(model),
  data: v.pipe(
    typed,
    v.variant('type', [fields(dataSets.made), fields(dataSets.linear), fields(dataSets.inline)], DATA_TYPES),
  ),
  loss: oneOf(...LOSSES),
  optimizer: object(optimizer),
  seed: v.optional(integer(0, LIMITS.seed), 1),
  rule: v.optional(
    v.pipe(typed, v.variant('type', [fields(rules.threshold), fields(rules['sohl-dickstein'])], RULE_TYPES)),
    {},
  ),
};

const axis = object({
  parameter: text,
  scale: oneOf('linear', 'log'),
  from: real,
  to: real,
  count: integer(1, LIMITS.count),
  zoom: v.exactOptional(
    object({ level: integer(0, LIMITS.zoom), first: integer(0, Number.MAX_SAFE_INTEGER) }),
  ),
});

const arm = object({
  name: text,
  set: v.optional(
    v.custom<Record<string, unknown>>(
      (value) => isRecord(value) && Object.keys(value).length <= LIMITS.settings,
      `an object of document paths and their values, at most ${LIMITS.settings}`,
    ),
    {},
  ),
});

const { seed, rule, ...beforeSeed } = trial;
const ARMS = [
  { name: 'without batch norm', set: { 'model.normalization.type': 'none' } },
  { name: 'with batch norm', set: { 'model.normalization.type': 'batch' } },
];

const measures = v.pipe(
  list(oneOf(...MEASURES), 0, MEASURES.length, 'names of measures'),
  v.check((names) => new Set(names).size === names.length, 'each measure once'),
);

export const trialStructure = object(trial);

/** Fields of which some are read before the whole is checked. */
function some<T extends Entries>(entries: T) {
  return v.object(entries, ({ path }) => String(entries[String(path?.at(-1)?.key)]?.message ?? 'an object'));
}

/** What of a trial tells how many layers it has, and what is given for each of them. */
export const layersStructure = some({
  model: some({ hidden: model.hidden, initialization: some(gains) }),
  optimizer: some({
    learningRate: optimizer.learningRate,
    learningRateNorm: optimizer.learningRateNorm,
  }),
});
export type Layers = v.InferOutput<typeof layersStructure>;

export const experimentStructure = object({
  format: v.literal('normscape/experiment', '"normscape/experiment"'),
  version: v.literal(1, '1'),
  name: v.optional(text, ''),
  ...beforeSeed,
  seed,
  replicates: v.optional(integer(1, LIMITS.replicates), 1),
  axes: object({ x: axis, y: v.exactOptional(axis) }),
  arms: v.optional(list(arm, 1, LIMITS.arms, 'arms'), ARMS),
  rule,
  measures: v.optional(measures, []),
  /** What a stored result came from. It changes no trial. */
  result: v.exactOptional(
    object({
      version: text,
      engine: text,
      adapter: text,
      shape: v.exactOptional(text),
      faults: v.exactOptional(v.array(text, 'a list of texts')),
    }),
  ),
});

/** The document with its defaults, or an `ExperimentError` for the first field that is wrong. */
export function checkStructure<T extends v.GenericSchema>(structure: T, document: unknown): v.InferOutput<T> {
  const result = v.safeParse(structure, document, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const keys: PathKey[] = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  // For an unknown field valibot's input is the field's name.
  const value = issue.path ? issue.path.at(-1)?.value : issue.input;
  throw new ExperimentError(formatPath(keys), value, issue.message);
}
