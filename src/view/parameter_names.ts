/** Parameters of the document in the field's words. */
export interface ParameterName {
  name: string;
  symbol: string;
}

const NAMES: Readonly<Record<string, ParameterName>> = {
  'optimizer.learningRate': { name: 'learning rate', symbol: 'η' },
  'optimizer.learningRateNorm': { name: 'learning rate of γ and β', symbol: '' },
  'optimizer.momentum': { name: 'momentum', symbol: '' },
  'optimizer.weightDecay': { name: 'weight decay', symbol: 'λ' },
  'optimizer.batch': { name: 'batch size', symbol: '' },
  'optimizer.steps': { name: 'steps', symbol: '' },
  'model.initialization.gain': { name: 'initial gain', symbol: '' },
  'model.initialization.gainLayers': { name: 'initial gain', symbol: '' },
  'model.normalization.epsilon': { name: 'batch norm’s ε', symbol: '' },
  'model.preactivationGain': { name: 'preactivation gain', symbol: '' },
  'model.depth': { name: 'hidden layers', symbol: '' },
  'model.width': { name: 'width', symbol: '' },
  'data.inputScale': { name: 'input scale', symbol: '' },
  'data.inputShift': { name: 'input shift', symbol: '' },
  'data.noise': { name: 'target noise', symbol: '' },
  'data.samples': { name: 'samples', symbol: '' },
  'data.target': { name: 'target', symbol: '' },
  seed: { name: 'seed', symbol: '' },
  'model.inputs': { name: 'inputs', symbol: '' },
  'model.outputs': { name: 'outputs', symbol: '' },
  'model.activation': { name: 'activation', symbol: '' },
  'model.bias': { name: 'bias', symbol: '' },
  'model.scaling': { name: 'scaling', symbol: '' },
  'model.hidden': { name: 'width', symbol: '' },
  'model.initialization': { name: 'initialization', symbol: '' },
  'model.initialization.type': { name: 'initialization', symbol: '' },
  'model.initialization.weights': { name: 'inline weights', symbol: '' },
  'model.initialization.biases': { name: 'inline biases', symbol: '' },
  'model.initialization.gammas': { name: 'inline γ', symbol: '' },
  'model.initialization.betas': { name: 'inline β', symbol: '' },
  'model.normalization.type': { name: 'normalization', symbol: '' },
  'model.normalization.placement': { name: 'placement', symbol: '' },
  'model.normalization.affine': { name: 'γ and β', symbol: '' },
  'model.normalization.layers': { name: 'normalized layers', symbol: '' },
  'data.type': { name: 'data', symbol: '' },
  'data.x': { name: 'inline inputs', symbol: '' },
  'data.y': { name: 'inline targets', symbol: '' },
  'rule.type': { name: 'rule', symbol: '' },
  'rule.divergence': { name: 'diverged above, × initial loss', symbol: '' },
  'rule.target': { name: 'converged below, × best constant', symbol: '' },
  'rule.window': { name: 'over the last steps', symbol: '' },
  'axes.x': { name: 'axis across', symbol: '' },
  'axes.y': { name: 'axis upwards', symbol: '' },
  'axes.x.parameter': { name: 'axis across', symbol: '' },
  'axes.y.parameter': { name: 'axis upwards', symbol: '' },
  ...Object.fromEntries(
    ['scale', 'from', 'to', 'count'].flatMap((part) => [
      [`axes.x.${part}`, { name: `axis across, ${part}`, symbol: '' }],
      [`axes.y.${part}`, { name: `axis upwards, ${part}`, symbol: '' }],
    ]),
  ),
};

/** An unknown path is its own name. */
export function parameterName(path: string): ParameterName {
  const [, list = path, entry, within] = /^([^[]+)\[(\d+)\](.*)$/.exec(path) ?? [];
  const known = Object.hasOwn(NAMES, list) ? NAMES[list] : undefined;
  if (!known || (within && !/^(?:\[\d+\])+$/.test(within))) return { name: path, symbol: '' };
  if (entry === undefined) return known;
  const what = list.startsWith('data.') ? 'row' : 'layer';
  return { name: `${known.name} of ${what} ${Number(entry) + 1}`, symbol: '' };
}

/** `learning rate η` */
export function parameterLabel(path: string): string {
  const { name, symbol } = parameterName(path);
  return symbol ? `${name} ${symbol}` : name;
}

/** A document's words with its paths in words too: `2, with data.type "moons"` → `2, with data "moons"`. */
export function inWords(text: string): string {
  const path = /\b(?:axes|data|model|optimizer|rule)(?:\.[A-Za-z]+|\[\d+\])+/g;
  return text.replace(path, parameterLabel);
}

export function isLearningRate(path: string): boolean {
  return /^optimizer\.learningRate(?:\[\d+\])?$/.test(path);
}
