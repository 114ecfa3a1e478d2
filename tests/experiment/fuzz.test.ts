import { expect, test } from 'vitest';
import { parseExperimentBytes, parseExperimentText } from '../../src/experiment/parse';
import { likelyChoice, readTable, withTable } from '../../src/experiment/table';
import { ExperimentError, type Experiment } from '../../src/experiment/types';
import { decodeExperiment, encodeExperiment, serializeExperiment } from '../../src/experiment/url';
import { decodeView } from '../../src/ui/page/view_state';
import { EVERY } from '../every';
import { mutatedPicture, mutatedTable } from './mutated_files';
import { mutatedInput } from './mutations';

/** Packing a link takes longer than all the rest, so not every experiment is packed. */
const PACKED = 20;
const MOST_MILLISECONDS = 100;

type Parse = () => Experiment;

/** What is mutated, how many of them, and what reads the one of a seed. */
const KINDS: readonly (readonly [kind: string, inputs: number, reader: (seed: number) => Parse])[] = [
  [
    'documents and links',
    5000,
    (seed) => {
      const input = mutatedInput(seed);
      return () => ('link' in input ? decodeView(input.link).experiment : parseExperimentBytes(input.bytes));
    },
  ],
  [
    'pictures',
    2500,
    (seed) => {
      const bytes = mutatedPicture(seed);
      return () => parseExperimentBytes(bytes);
    },
  ],
  [
    'tables',
    2500,
    (seed) => {
      const { bytes, choice, experiment } = mutatedTable(seed);
      return () => {
        const table = readTable(bytes);
        return withTable(experiment, table, choice ?? likelyChoice(table));
      };
    },
  ],
];

interface Outcome {
  experiment?: Experiment;
  error?: unknown;
  milliseconds: number;
}

function outcome(parse: Parse): Outcome {
  const start = performance.now();
  try {
    return { experiment: parse(), milliseconds: performance.now() - start };
  } catch (error) {
    return { error, milliseconds: performance.now() - start };
  }
}

/** Slow each time: once, the machine may have been busy with something else. */
function isSlow(parse: Parse, milliseconds: number): boolean {
  let least = milliseconds;
  for (let again = 0; again < 4 && least > MOST_MILLISECONDS; again += 1)
    least = Math.min(least, outcome(parse).milliseconds);
  return least > MOST_MILLISECONDS;
}

/** What is wrong with how an error refuses an input. */
function wrongRefusal(error: unknown): string[] {
  if (!(error instanceof ExperimentError)) return [String(error)];
  const line = /^[^\p{Cc}\p{Zl}\p{Zp}]+: found [^\p{Cc}\p{Zl}\p{Zp}]+, allowed: [^\p{Cc}\p{Zl}\p{Zp}]+$/u;
  return line.test(error.message) && error.message.length < 300 ? [] : [`message: ${error.message}`];
}

/** The texts of an experiment that do not say the same experiment again. */
function lost(experiment: Experiment, packed: boolean): string[] {
  const text = serializeExperiment(experiment);
  const again = [() => parseExperimentText(text), () => decodeExperiment(encodeExperiment(experiment))];
  return again
    .slice(0, packed ? 2 : 1)
    .map((parseAgain) => serializeExperiment(parseAgain()))
    .filter((other) => other !== text);
}

test.each(KINDS.map(([kind, inputs, reader]) => [EVERY ? 4 * inputs : inputs, kind, reader] as const))(
  '%d mutated %s are read or refused, in words and in no time',
  (inputs, _kind, reader) => {
    const problems: [seed: number, problem: string][] = [];
    const counts = { parsed: 0, refused: 0 };
    for (let seed = 0; seed < inputs; seed += 1) {
      const parse = reader(seed);
      const { experiment, error, milliseconds } = outcome(parse);
      counts[experiment ? 'parsed' : 'refused'] += 1;
      const wrong = experiment ? lost(experiment, counts.parsed % PACKED === 0) : wrongRefusal(error);
      if (isSlow(parse, milliseconds)) wrong.push(`${milliseconds} ms`);
      problems.push(...wrong.map((problem): [number, string] => [seed, problem]));
    }
    expect(problems).toEqual([]);
    // It is not always the same that happens.
    expect(Math.min(counts.parsed, counts.refused)).toBeGreaterThan(inputs / 20);
  },
);

test('what is read of a mutated table without quotes are the numbers that stand there', () => {
  let read = 0;
  for (let seed = 0; seed < 1000; seed += 1) {
    const { bytes, experiment } = mutatedTable(seed);
    const text = new TextDecoder().decode(bytes);
    const { experiment: after } = outcome(() => {
      const table = readTable(bytes);
      const roles = table.rows[0]!.fields.map((_, column) => (column > 0 ? 'output' : 'input'));
      return withTable(experiment, table, { header: true, roles });
    });
    if (!after || text.includes('"')) continue;
    read += 1;
    const [, ...lines] = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
    const rows = lines.map((line) => line.split(/[,;\t]/).map(Number));
    expect(after.data).toMatchObject({
      x: rows.map(([first]) => [first]),
      y: rows.map(([, ...others]) => others),
    });
  }
  expect(read).toBeGreaterThan(200);
});
