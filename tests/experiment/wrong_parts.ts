/** What wrong documents are made of. */

export type Keys = (string | number)[];
export type Row = [title: string, changes: [Keys, unknown][], path: string, value: string, allowed: string];

/** One field with another value, or gone. */
export function one(path: string, value: unknown, shown: string, allowed: string): Row {
  const keys = path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  return [`${path} = ${shown}`, [[keys, value]], path, shown, allowed];
}

export const INITIALIZATION: Keys = ['model', 'initialization'];
export const row = (length: number, value = 0.5) => Array.from({ length }, () => value);
export const matrix = (rows: number, columns: number) => Array.from({ length: rows }, () => row(columns));

/** Two inputs, three hidden units, one output. */
export const SMALL: [Keys, unknown][] = [
  [['model', 'inputs'], 2],
  [['model', 'hidden'], [3]],
];
export const WEIGHTS = [matrix(2, 3), matrix(3, 1)];
export const inlineWeights = (extra: object): [Keys, unknown][] => [
  ...SMALL,
  [INITIALIZATION, { type: 'inline', weights: WEIGHTS, ...extra }],
];
export const inlineData = (x: unknown, y: unknown, loss = 'mse'): [Keys, unknown][] => [
  ...SMALL,
  [['data'], { type: 'inline', x, y }],
  [['loss'], loss],
];
export const xAxis = (parameter: string, from: number, to: number, scale = 'linear'): [Keys, unknown] => [
  ['axes', 'x'],
  { parameter, scale, from, to, count: 5 },
];
export const onlyX = (parameter: string, from: number, to: number, scale = 'linear'): [Keys, unknown][] => [
  [['axes', 'y'], undefined],
  xAxis(parameter, from, to, scale),
];
export const set = (settings: object): [Keys, unknown] => [['arms', 1, 'set'], settings];
