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
};

/** An unknown path is its own name. */
export function parameterName(path: string): ParameterName {
  const layer = /^(.+)\[(\d+)\]$/.exec(path);
  const known = NAMES[layer?.[1] ?? path];
  if (!known) return { name: path, symbol: '' };
  if (!layer) return known;
  return { name: `${known.name} of layer ${Number(layer[2]) + 1}`, symbol: '' };
}

/** `learning rate η` */
export function parameterLabel(path: string): string {
  const { name, symbol } = parameterName(path);
  return symbol ? `${name} ${symbol}` : name;
}

export function isLearningRate(path: string): boolean {
  return /^optimizer\.learningRate(?:\[\d+\])?$/.test(path);
}
