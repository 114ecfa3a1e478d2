import { expect, test } from 'vitest';
import {
  ACTIVATIONS,
  LOSSES,
  MEASURES,
  namesOf,
  NORMALIZATIONS,
  OPTIMIZERS,
} from '../../src/experiment/kinds';
import { parseExperiment } from '../../src/experiment/parse';
import readme from '../../src/experiment/README.md?raw';

const blocks = [...readme.matchAll(/```json\n([^]*?)```/g)].map(([, text]) => JSON.parse(text!));

test.each(blocks.map((document) => [document.name, document]))('the example “%s” is one', (_, document) => {
  expect(parseExperiment(document)).toMatchObject({ name: document.name });
});

/** What the table's examples are fields of: cells of the last column that are JSON members. */
const rows = [...readme.matchAll(/^\| `(\w+)[^|]*\|.*\| `("[^`]*)` *\|$/gm)].map(
  ([, field, example]) => [field!, example!] as const,
);

test('every row has an example', () => expect(rows.length).toBeGreaterThan(20));

test.each(rows)('%s: %s', (field, example) => {
  const [document] = structuredClone(blocks);
  const changes = JSON.parse(`{${example}}`);
  const part: Record<string, unknown> =
    field === 'optimizer'
      ? document.optimizer
      : ['data', 'loss', 'seed', 'rule', 'measures'].includes(field)
        ? document
        : document.model;
  for (const [key, value] of Object.entries(changes)) part[key] = value;
  // What else such a network or loss asks for.
  if (changes.data?.type === 'moons') document.model.inputs = 2;
  if (document.loss === 'logistic')
    Object.assign(document, { data: { type: 'moons' }, model: { ...document.model, inputs: 2 } });
  if (Array.isArray(changes.hidden)) document.model.hidden = changes.hidden;
  if (Array.isArray(changes.learningRate)) {
    document.model.hidden = [4];
    document.axes.x.parameter = 'optimizer.learningRate[0]';
  }
  expect(() => parseExperiment(document)).not.toThrow();
});

test('every kind is named', () => {
  for (const kind of [...namesOf(ACTIVATIONS), ...NORMALIZATIONS, ...LOSSES, ...OPTIMIZERS, ...MEASURES])
    expect(readme).toContain(`\`${kind}\``);
});
