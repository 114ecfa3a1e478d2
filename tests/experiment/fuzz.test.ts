import { expect, test } from 'vitest';
import { parseExperimentBytes, parseExperimentText } from '../../src/experiment/parse';
import { ExperimentError, type Experiment } from '../../src/experiment/types';
import { decodeExperiment, encodeExperiment, serializeExperiment } from '../../src/experiment/url';
import { decodeView } from '../../src/ui/page/view_state';
import { EVERY } from '../every';
import { mutatedInput, type Input } from './mutations';

const INPUTS = EVERY ? 20_000 : 5000;
/** Packing a link takes longer than all the rest, so not every experiment is packed. */
const PACKED = 20;
const MOST_MILLISECONDS = 100;

function parse(input: Input): Experiment {
  return 'link' in input ? decodeView(input.link).experiment : parseExperimentBytes(input.bytes);
}

interface Outcome {
  experiment?: Experiment;
  error?: unknown;
  milliseconds: number;
}

function outcome(input: Input): Outcome {
  const start = performance.now();
  try {
    return { experiment: parse(input), milliseconds: performance.now() - start };
  } catch (error) {
    return { error, milliseconds: performance.now() - start };
  }
}

/** Slow each time: once, the machine may have been busy with something else. */
function isSlow(input: Input, milliseconds: number): boolean {
  let least = milliseconds;
  for (let again = 0; again < 4 && least > MOST_MILLISECONDS; again += 1)
    least = Math.min(least, outcome(input).milliseconds);
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

test(`${INPUTS} mutated documents and links are parsed or refused, in words and in no time`, () => {
  const problems: [seed: number, problem: string][] = [];
  const counts = { parsed: 0, refused: 0 };
  for (let seed = 0; seed < INPUTS; seed += 1) {
    const input = mutatedInput(seed);
    const { experiment, error, milliseconds } = outcome(input);
    counts[experiment ? 'parsed' : 'refused'] += 1;
    const wrong = experiment ? lost(experiment, counts.parsed % PACKED === 0) : wrongRefusal(error);
    if (isSlow(input, milliseconds)) wrong.push(`${milliseconds} ms`);
    problems.push(...wrong.map((problem): [number, string] => [seed, problem]));
  }
  expect(problems).toEqual([]);
  // It is not always the same that happens.
  expect(Math.min(counts.parsed, counts.refused)).toBeGreaterThan(INPUTS / 20);
});
