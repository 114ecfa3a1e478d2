/** Documents that must be refused, and where: also what the command line is tried with. */

import { changed, exampleDocument } from './documents';

export interface WrongDocument {
  title: string;
  /** JSON text of the whole document. */
  text: string;
  /** The path that the error names. */
  path: string;
  /** Part of the value that the error shows. */
  value: string;
  /** Part of what the error says is allowed. */
  allowed: string;
}

type Keys = (string | number)[];
type Row = [title: string, changes: [Keys, unknown][], path: string, value: string, allowed: string];

/** One field with another value, or gone. */
function one(path: string, value: unknown, shown: string, allowed: string): Row {
  const keys = path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return [`${path} = ${shown}`, [[keys, value]], path, shown, allowed];
}

const INITIALIZATION: Keys = ['model', 'initialization'];
const row = (length: number, value = 0.5) => Array.from({ length }, () => value);
const matrix = (rows: number, columns: number) => Array.from({ length: rows }, () => row(columns));

/** Two inputs, three hidden units, one output. */
const SMALL: [Keys, unknown][] = [
  [['model', 'inputs'], 2],
  [['model', 'hidden'], [3]],
];
const WEIGHTS = [matrix(2, 3), matrix(3, 1)];
const inlineWeights = (extra: object): [Keys, unknown][] => [
  ...SMALL,
  [INITIALIZATION, { type: 'inline', weights: WEIGHTS, ...extra }],
];
const inlineData = (x: unknown, y: unknown, loss = 'mse'): [Keys, unknown][] => [
  ...SMALL,
  [['data'], { type: 'inline', x, y }],
  [['loss'], loss],
];
const xAxis = (parameter: string, from: number, to: number, scale = 'linear'): [Keys, unknown] => [
  ['axes', 'x'],
  { parameter, scale, from, to, count: 5 },
];
const onlyX = (parameter: string, from: number, to: number, scale = 'linear'): [Keys, unknown][] => [
  [['axes', 'y'], undefined],
  xAxis(parameter, from, to, scale),
];
const set = (settings: object): [Keys, unknown] => [['arms', 1, 'set'], settings];

const ROWS: Row[] = [
  // Header
  one('format', 'normscape', '"normscape"', '"normscape/experiment"'),
  one('format', undefined, 'nothing', '"normscape/experiment"'),
  one('version', 2, '2', '1'),
  one('version', '1', '"1"', '1'),
  one('name', 7, '7', 'a text'),
  one('colour', 'red', '"red"', 'no such field'),
  one('toString', 1, '1', 'no such field'),
  one('__proto__', { seed: 2 }, '{"seed":2}', 'no such field'),
  // Model
  one('model', undefined, 'nothing', 'an object'),
  one('model', [], '[]', 'an object'),
  one('model.inputs', 0, '0', 'an integer from 1 to 512'),
  one('model.inputs', 513, '513', 'an integer from 1 to 512'),
  one('model.inputs', 8.5, '8.5', 'an integer from 1 to 512'),
  one('model.inputs', '8', '"8"', 'an integer from 1 to 512'),
  one('model.inputs', null, 'null', 'an integer from 1 to 512'),
  one('model.outputs', true, 'true', 'an integer from 1 to 512'),
  one('model.outputs', undefined, 'nothing', 'an integer from 1 to 512'),
  one('model.hidden', 16, '16', 'a list of 0 to 63 widths'),
  one('model.hidden', row(64, 1), '[1,1,1', 'a list of 0 to 63 widths'),
  one('model.hidden[2]', 0, '0', 'an integer from 1 to 512'),
  one('model.hidden[2]', '16', '"16"', 'an integer from 1 to 512'),
  one('model.activation', 'gelu', '"gelu"', '"relu"'),
  one('model.activation', undefined, 'nothing', '"relu"'),
  one('model.preactivationGain', '1', '"1"', 'a number'),
  one('model.bias', 1, '1', 'true or false'),
  one('model.scaling', 'mup', '"mup"', '"mean-field"'),
  one('model.depth', 4, '4', 'no such field'),
  one('model.normalization', [], '[]', 'an object'),
  one('model.normalization.type', 'layer', '"layer"', '"none" or "batch"'),
  one('model.normalization.placement', 'both', '"both"', '"pre" or "post"'),
  one('model.normalization.affine', false, 'false', '"trained" or "frozen"'),
  one('model.normalization.epsilon', -1e-5, '-0.00001', '0 or a number from 1.1754943508222875e-38'),
  one('model.normalization.epsilon', 1e-40, '1e-40', '0 or a number from 1.1754943508222875e-38'),
  one('data.inputScale', 3e38, '3e+38', 'a number with which no input is beyond 3.4e38 (the farthest is'),
  one('model.normalization.layers', 'first', '"first"', '"last"'),
  one('model.normalization.momentum', 0.1, '0.1', 'no such field'),
  one('model.initialization', 'he', '"he"', 'an object'),
  one('model.initialization.type', 'orthogonal', '"orthogonal"', '"glorot"'),
  one('model.initialization.gain', 1e39, '1e+39', 'a number from -3.4e38 to 3.4e38'),
  one('model.initialization.gainLayers', [1, 1], '[1,1]', 'a list of 5 numbers'),
  one('model.initialization.weights', [], '[]', 'no such field'),
  // Inline weights
  [
    'inline without weights',
    [[INITIALIZATION, { type: 'inline' }]],
    'model.initialization.weights',
    'nothing',
    'a list',
  ],
  [
    'too few matrices',
    inlineWeights({ weights: [matrix(2, 3)] }),
    'model.initialization.weights',
    '[[[',
    'a list of 2 matrices',
  ],
  [
    'too few rows',
    inlineWeights({ weights: [matrix(1, 3), matrix(3, 1)] }),
    'model.initialization.weights[0]',
    '[[',
    'a list of 2 rows',
  ],
  [
    'a short row',
    inlineWeights({ weights: [[row(3), row(2)], matrix(3, 1)] }),
    'model.initialization.weights[0][1]',
    '[0.5,0.5]',
    'a list of 3 numbers',
  ],
  [
    'a text as a weight',
    inlineWeights({ weights: [[row(3), [0, 'a', 0]], matrix(3, 1)] }),
    'model.initialization.weights[0][1][1]',
    '"a"',
    'a number',
  ],
  [
    'biases without bias',
    inlineWeights({ biases: [row(3), row(1)] }),
    'model.initialization.biases',
    '[[',
    'model.bias',
  ],
  [
    'a short bias',
    [...inlineWeights({ biases: [row(2), row(1)] }), [['model', 'bias'], true]],
    'model.initialization.biases[0]',
    '[0.5,0.5]',
    'a list of 3 numbers',
  ],
  [
    'a long gamma',
    inlineWeights({ gammas: [row(4), []] }),
    'model.initialization.gammas[0]',
    '[0.5',
    'a list of 3 numbers',
  ],
  [
    'too few betas',
    inlineWeights({ betas: [row(3)] }),
    'model.initialization.betas',
    '[[',
    'a list of 2 lists',
  ],
  [
    'gammas that are frozen',
    [...inlineWeights({ gammas: [row(3), []] }), [['model', 'normalization', 'affine'], 'frozen']],
    'model.initialization.gammas',
    '[[',
    'frozen',
  ],
  // Data
  one('data', undefined, 'nothing', 'an object'),
  ['data of no type', [[['data'], {}]], 'data.type', 'nothing', '"teacher"'],
  one('data.type', 'cifar', '"cifar"', '"teacher"'),
  one('data.samples', 0, '0', 'an integer from 1 to 65536'),
  one('data.samples', 1, '1', 'an integer from 2'),
  one('data.samples', 65537, '65537', 'an integer from 1 to 65536'),
  one('data.target', 1, '1', 'no such field'),
  one('data.x', [[1]], '[[1]]', 'no such field'),
  one('data.noise', -0.1, '-0.1', 'a number from 0'),
  one('data.inputScale', [1], '[1]', 'a number'),
  ['a spiral with eight inputs', [[['data', 'type'], 'spiral']], 'model.inputs', '8', '2'],
  [
    'circles with two outputs',
    [
      [['data', 'type'], 'circles'],
      [['model', 'inputs'], 2],
      [['model', 'outputs'], 2],
    ],
    'model.outputs',
    '2',
    '1',
  ],
  ['inline data without y', [[['data'], { type: 'inline', x: [[1]] }]], 'data.y', 'nothing', 'a list'],
  [
    'inline data with samples',
    [[['data'], { type: 'inline', x: [[1]], y: [[1]], samples: 1 }]],
    'data.samples',
    '1',
    'no such field',
  ],
  [
    'inline data of another width',
    inlineData([row(2), row(3)], matrix(2, 1)),
    'data.x[1]',
    '[0.5',
    'a list of 2 numbers',
  ],
  [
    'inline targets of another width',
    inlineData(matrix(2, 2), [row(1), []]),
    'data.y[1]',
    '[]',
    'a list of 1 numbers',
  ],
  [
    'fewer targets than inputs',
    inlineData(matrix(2, 2), matrix(1, 1)),
    'data.y',
    '[[0.5]]',
    'a list of 2 rows',
  ],
  ['inline data without rows', inlineData([], []), 'data.x', '[]', 'a list of 1 to 65536 rows'],
  // Loss
  one('loss', 'hinge', '"hinge"', '"logistic"'),
  one('loss', undefined, 'nothing', '"mse"'),
  one('loss', 'logistic', '"logistic"', 'not 0 or 1'),
  [
    'logistic targets of one half',
    inlineData(matrix(2, 2), [[1], [0.5]], 'logistic'),
    'data.y[1][0]',
    '0.5',
    '0 or 1',
  ],
  [
    'noisy classes',
    [...SMALL, [['data'], { type: 'moons', noise: 0.1 }], [['loss'], 'logistic']],
    'data.noise',
    '0.1',
    '0, with loss',
  ],
  // Optimizer
  one('optimizer.type', 'adam', '"adam"', '"sgd"'),
  one('optimizer.learningRate', -0.1, '-0.1', 'a number from 0'),
  one('optimizer.learningRate', '0.1', '"0.1"', 'a number from 0'),
  one('optimizer.learningRate', undefined, 'nothing', 'a number from 0'),
  one('optimizer.learningRate', [0.1, 0.1], '[0.1,0.1]', 'a list of 5 numbers'),
  [
    'a text among the rates',
    [
      [
        ['optimizer', 'learningRate'],
        [0.1, 0.1, 'x', 0.1, 0.1],
      ],
    ],
    'optimizer.learningRate[2]',
    '"x"',
    'a number from 0',
  ],
  one('optimizer.learningRateNorm', row(4), '[0.5', 'a list of 5 numbers'),
  one('optimizer.momentum', 2, '2', 'a number from 0 to 1'),
  one('optimizer.weightDecay', -1, '-1', 'a number from 0'),
  one('optimizer.batch', 'all', '"all"', '"full" or an integer from 1'),
  one('optimizer.batch', 0, '0', '"full" or an integer from 1'),
  one('optimizer.steps', 0, '0', 'an integer from 1'),
  one('optimizer.steps', undefined, 'nothing', 'an integer from 1'),
  one('optimizer.nesterov', true, 'true', 'no such field'),
  // Seeds
  one('seed', -1, '-1', 'an integer from 0'),
  one('seed', 2 ** 32, '4294967296', 'an integer from 0'),
  one('replicates', 0, '0', 'an integer from 1'),
  [
    'a seed that replicates exceed',
    [
      [['seed'], 4294967295],
      [['replicates'], 2],
    ],
    'seed',
    '4294967295',
    'an integer from 0 to 4294967294',
  ],
  // Axes
  one('axes', undefined, 'nothing', 'an object'),
  one('axes.x', undefined, 'nothing', 'an object'),
  one('axes.z', {}, '{}', 'no such field'),
  one('axes.x.count', 0, '0', 'an integer from 1 to 4096'),
  one('axes.x.count', 4097, '4097', 'an integer from 1 to 4096'),
  one('axes.x.scale', 'sqrt', '"sqrt"', '"linear" or "log"'),
  one('axes.x.from', 0, '0', 'a number above 0'),
  one('axes.y.to', -1, '-1', 'a number above 0'),
  one('axes.x.parameter', 'optimizer.rate', '"optimizer.rate"', 'the path of a number'),
  one('axes.x.parameter', 'optimizer.learningRate[5]', 'learningRate[5]', 'the path of a number'),
  one('axes.x.parameter', 'optimizer["momentum"]', 'momentum', 'the path of a number'),
  one('axes.x.parameter', 'model.activation', '"model.activation"', 'the path of a number'),
  one('axes.x.parameter', 'replicates', '"replicates"', 'the path of a number'),
  one('axes.x.parameter', 'constructor.length', '"constructor.length"', 'the path of a number'),
  one('axes.y.parameter', 'optimizer.learningRate', '"optimizer.learningRate"', 'independent of axes.x'),
  one('axes.y.parameter', 'optimizer.learningRate[0]', 'learningRate[0]', 'independent of axes.x'),
  [
    'depth of a model without hidden layers',
    [[['model', 'hidden'], []], ...onlyX('model.depth', 1, 4)],
    'axes.x.parameter',
    '"model.depth"',
    'the path of a number',
  ],
  [
    'a gain that gainLayers replace',
    [[['model', 'initialization', 'gainLayers'], row(5, 1)]],
    'axes.y.parameter',
    '"model.initialization.gain"',
    'depend on',
  ],
  ['momentum up to 2', onlyX('optimizer.momentum', 0, 2), 'axes.x.to', '2', 'a number from 0 to 1'],
  [
    'a negative learning rate',
    onlyX('optimizer.learningRate', -1, 1),
    'axes.x.from',
    '-1',
    'a number from 0',
  ],
  ['depth 64', onlyX('model.depth', 1, 64), 'axes.x.to', '64', 'an integer from 0 to 63'],
  ['width 1000', onlyX('model.width', 1, 1000), 'axes.x.to', '1000', 'an integer from 1 to 512'],
  ['batch 0', onlyX('optimizer.batch', 0, 8), 'axes.x.from', '0', 'an integer from 1'],
  [
    'depth beside a rate for each layer',
    [[['optimizer', 'learningRate'], row(5)], ...onlyX('model.depth', 4, 5)],
    'axes.x.to',
    '5',
    'a list of 6 numbers',
  ],
  [
    'more trials than there may be',
    [
      [['replicates'], 64],
      [['axes', 'x', 'count'], 4096],
      [['axes', 'y', 'count'], 4096],
    ],
    'axes.x.count',
    '4096',
    'at most 268435456',
  ],
  // Arms
  one('arms', [], '[]', 'a list of 1 to 8 arms'),
  one(
    'arms',
    Array.from({ length: 9 }, () => ({ name: '', set: {} })),
    '[{',
    'a list of 1 to 8 arms',
  ),
  one('arms[0].name', undefined, 'nothing', 'a text'),
  one('arms[1].set', [], '[]', 'an object of document paths'),
  one('arms[1].colour', 'red', '"red"', 'no such field'),
  [
    'an arm of another normalization',
    [set({ 'model.normalization.type': 'layer' })],
    'arms[1].set["model.normalization.type"]',
    '"layer"',
    '"none" or "batch"',
  ],
  [
    'an arm that sets an unknown field',
    [set({ 'model.normalisation.type': 'none' })],
    'arms[1].set["model.normalisation.type"]',
    '"none"',
    'a path of the document',
  ],
  [
    'an arm that sets an unknown last field',
    [set({ 'model.dropout': 0.5 })],
    'arms[1].set["model.dropout"]',
    '0.5',
    'no such field',
  ],
  [
    'an arm that sets the replicates',
    [set({ replicates: 2 })],
    'arms[1].set.replicates',
    '2',
    'no such field',
  ],
  [
    'an arm of a wrong width',
    [set({ 'model.hidden': [16, 0] })],
    'arms[1].set["model.hidden"][1]',
    '0',
    'an integer from 1 to 512',
  ],
  [
    'an arm that sets what an axis sweeps',
    [set({ 'optimizer.learningRate': 1 })],
    'arms[1].set["optimizer.learningRate"]',
    '1',
    'no axis sweeps',
  ],
  [
    'an arm whose settings disagree',
    [set({ 'model.hidden': [4], 'model.initialization.gainLayers': [1, 1, 1] })],
    'arms[1].set["model.initialization.gainLayers"]',
    '[1,1,1]',
    'a list of 2 numbers',
  ],
  [
    'an arm at odds with the rest',
    [set({ 'data.type': 'moons' })],
    'arms[1].set',
    '{"data.type":"moons"}',
    'settings with which model.inputs is 2',
  ],
  // Rule
  one('rule', [], '[]', 'an object'),
  one('rule.type', 'loss', '"loss"', '"threshold" or "sohl-dickstein"'),
  one('rule.divergence', 0, '0', 'a number above 0'),
  one('rule.target', '0.5', '"0.5"', 'a number above 0'),
  one('rule.window', 0, '0', 'an integer from 1'),
  [
    'a window that the rule does not have',
    [[['rule'], { type: 'sohl-dickstein', window: 20 }]],
    'rule.window',
    '20',
    'no such field',
  ],
];

const TEXTS: WrongDocument[] = [
  { title: 'no JSON', text: '{"format": normscape}', path: '', value: 'normscape', allowed: 'JSON' },
  { title: 'an empty file', text: '', path: '', value: '""', allowed: 'JSON' },
  { title: 'a list', text: '[]', path: '', value: '[]', allowed: 'an object' },
  { title: 'null', text: 'null', path: '', value: 'null', allowed: 'an object' },
  {
    title: 'a number that is infinite',
    text: JSON.stringify(exampleDocument()).replace('"weightDecay":0', '"weightDecay":1e999'),
    path: 'optimizer.weightDecay',
    value: 'Infinity',
    allowed: 'a number from 0',
  },
];

export const WRONG_DOCUMENTS: readonly WrongDocument[] = [
  ...ROWS.map(([title, changes, path, value, allowed]) => ({
    title,
    text: JSON.stringify(changed(exampleDocument(), changes)),
    path,
    value,
    allowed,
  })),
  ...TEXTS,
];
