import { presetExperiment, PRESETS } from '../../../src/experiment/presets';
import { parseExperiment, parseExperimentBytes } from '../../../src/experiment/parse';
import { ExperimentError, type Experiment } from '../../../src/experiment/types';
import { decodeView } from '../../../src/ui/page/view_state';
import { changed, exampleDocument, goldenDocuments, minimalDocument } from '../../experiment/documents';
import { mutatedInput } from '../../experiment/mutations';

const ROWS = Array.from({ length: 4 }, (_, row) => Array.from({ length: 8 }, (_, i) => row + i / 8));

/** What hardly anybody writes, and the schema allows. */
export const ODD: readonly [name: string, experiment: Experiment][] =
  ([
    ['no hidden layers', [[['model', 'hidden'], []]]],
    ['unequal widths', [[['model', 'hidden'], [16, 8]]]],
    ['rates by layer', [[['optimizer', 'learningRate'], [0.1, 0.2, 0.3, 0.4, 0.5]]]],
    ['one rate in a list', [[['model', 'hidden'], []], [['optimizer', 'learningRate'], [0.5]]]],
    ['a rate of γ and β', [[['optimizer', 'learningRateNorm'], 0.5]]],
    ['rates of γ and β by layer', [[['optimizer', 'learningRateNorm'], [1, 2, 3, 4, 5]]]],
    ['gains by layer', [
      [['model', 'initialization'], { gainLayers: [1, 2, 1, 2, 1] }],
      [['axes', 'y'], undefined],
    ]],
    ['inline data', [[['data'], { type: 'inline', x: ROWS, y: [[0], [1], [0], [1]] }]]],
    ['inline weights', [
      [['model', 'hidden'], []],
      [['model', 'initialization'], { type: 'inline', weights: [ROWS.concat(ROWS).map(([first]) => [first])] }],
    ]],
    ['one arm', [[['arms'], [{ name: 'alone', set: {} }]]]],
    ['arms of many things', [[['arms'], [
      { name: 'plain', set: { 'model.normalization': { type: 'none' }, 'model.hidden': [4, 4], 'optimizer.batch': 8 } },
      { name: 'other', set: { 'model.initialization.type': 'constant', 'data.noise': 0.5, 'model.depth': 2 } },
      { name: 'third', set: { 'rule.type': 'sohl-dickstein', 'model.bias': true, seed: 9, loss: 'mse' } },
    ]]]],
    ['no y axis', [[['axes', 'y'], undefined]]],
    ['axes over seeds and a width', [[['axes'], {
      x: { parameter: 'seed', scale: 'linear', from: 0, to: 9, count: 10 },
      y: { parameter: 'model.hidden[1]', scale: 'linear', from: 1, to: 9, count: 9 },
    }]]],
    ['axes over depth and rates of layers', [[['axes'], {
      x: { parameter: 'optimizer.learningRate[2]', scale: 'log', from: 1, to: 0.1, count: 4 },
      y: { parameter: 'optimizer.learningRateNorm', scale: 'log', from: 1, to: 0.1, count: 1 },
    }]]],
    ['no normalization', [[['model', 'normalization'], { type: 'none' }], [['arms'], [{ name: 'all' }]]]],
    ['the other rule', [[['rule'], { type: 'sohl-dickstein' }]]],
    ['linear data', [[['data'], { type: 'linear', target: 3 }]]],
    ['two classes', [
      [['model', 'inputs'], 2],
      [['data'], { type: 'moons' }],
      [['loss'], 'logistic'],
    ]],
    ['many outputs', [[['model', 'outputs'], 3]]],
  ] as [string, Parameters<typeof changed>[1]][]) // prettier-ignore
    .map(([name, changes]) => [name, parseExperiment(changed(exampleDocument(), changes))]);

/** Every document that is at hand, and what of many mutated ones and links is accepted. */
export function someExperiments(mutations: number): Experiment[] {
  const found: Experiment[] = [
    ...PRESETS.map(({ id }) => presetExperiment(id)),
    ...ODD.map(([, experiment]) => experiment),
    // The long ones take long, and are no different.
    ...goldenDocuments()
      .filter(([, document]) => JSON.stringify(document).length < 9000)
      .map(([, document]) => parseExperiment(document)),
    parseExperiment(minimalDocument()),
  ];
  for (let seed = 0; seed < mutations; seed += 1) {
    const input = mutatedInput(seed);
    try {
      found.push('link' in input ? decodeView(input.link).experiment : parseExperimentBytes(input.bytes));
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
    }
  }
  return found;
}
