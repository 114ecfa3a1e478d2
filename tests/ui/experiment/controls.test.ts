import { describe, expect, test } from 'vitest';
import { presetExperiment, PRESETS } from '../../../src/experiment/presets';
import { parseExperiment } from '../../../src/experiment/parse';
import { ExperimentError, type Experiment } from '../../../src/experiment/types';
import { consequences } from '../../../src/ui/experiment/consequences';
import { controlsOf, type Control } from '../../../src/ui/experiment/controls';
import { withSide } from '../../../src/service/grid_choice';
import { presetOf } from '../../../src/ui/experiment/preset_of';
import { refusal } from '../../../src/ui/experiment/refusal';
import { sameTrials } from '../../../src/experiment/same_trials';
import { ODD, someExperiments } from './some_experiments';

const EXPERIMENTS = someExperiments(1200);

/** What people enter, and some that nobody should. */
const ENTRIES = ['1', '0.5', '2', '0', '3', '-1', '16, 8', '1, 1', '2, 2, 2', 'full', 'none', 'same', '1e400', '0x10', '1,5', '', '5 s']; // prettier-ignore

function entries({ options }: Control): readonly string[] {
  if (options === 'switch') return ['true', 'false'];
  return options ? [...options.keys()] : ENTRIES;
}

/** A list of one number for all layers is the same as the number. */
function plain(text = ''): string {
  const parts = new Set(text.split(', ').map((part) => (part === '' ? part : String(Number(part)))));
  return parts.size === 1 && !parts.has('NaN') ? [...parts][0]! : text;
}

function outcome(control: Control, experiment: Experiment, text: string): Experiment | ExperimentError {
  try {
    return control.set(experiment, text);
  } catch (error) {
    if (error instanceof ExperimentError) return error;
    throw error;
  }
}

test('there are experiments of all kinds', () => {
  expect(EXPERIMENTS.length).toBeGreaterThan(100);
});

test('what a control shows can be entered again, and changes no trial', () => {
  const wrong: string[] = [];
  for (const experiment of EXPERIMENTS)
    for (const control of controlsOf(experiment)) {
      const again = outcome(control, experiment, control.shown(experiment));
      if (again instanceof ExperimentError || !sameTrials(again, experiment))
        wrong.push(`${control.id}: ${control.shown(experiment)} became ${String(again)}`);
    }
  expect([...new Set(wrong)]).toEqual([]);
});

test('what is entered is what the schema accepts and the control then shows, or refused in words', () => {
  const wrong: string[] = [];
  const counts = { accepted: 0, refused: 0 };
  for (const experiment of EXPERIMENTS.filter((_, i) => i % 8 === 0))
    for (const control of controlsOf(experiment))
      for (const text of entries(control)) {
        const result = outcome(control, experiment, text);
        if (result instanceof ExperimentError) {
          counts.refused += 1;
          const { words } = refusal(control, text, result, experiment.arms);
          if (
            !words.startsWith(`${control.name}: `) ||
            /\b(?:model|data|optimizer|rule|axes|arms)[.[]/.test(words)
          )
            wrong.push(words);
        } else {
          counts.accepted += 1;
          if (JSON.stringify(parseExperiment(result)) !== JSON.stringify(result))
            wrong.push(`${control.id}: ${text}`);
          const now = controlsOf(result).find(({ id }) => id === control.id);
          const shown = now?.shown(result);
          if (plain(shown) !== plain(text)) wrong.push(`${control.id}: ${text} is shown as ${shown}`);
          consequences(experiment, result, control.id);
        }
      }
  expect([...new Set(wrong)]).toEqual([]);
  expect(Math.min(counts.accepted, counts.refused)).toBeGreaterThan(1000);
});

describe('by the controls alone', () => {
  const [first] = PRESETS;
  const arms = presetExperiment(first!.id).arms;

  const coarse = (experiment: Experiment) => withSide(experiment, 2);

  /** Enters what the preset shows, as often as something that was refused before is accepted. */
  function broughtTo(preset: Experiment, from: Experiment): Experiment {
    let experiment = from;
    for (let before: Experiment | undefined; before !== experiment;) {
      before = experiment;
      for (const { id, shown } of controlsOf(preset)) {
        const control = controlsOf(experiment).find((candidate) => candidate.id === id);
        if (!control || control.shown(experiment) === shown(preset)) continue;
        // Of a list for other layers than there are, the one number for all, as the refusal says.
        const [number = ''] = shown(preset).split(', ');
        const accepted = [shown(preset), number]
          .map((text) => outcome(control, experiment, text))
          .find((result): result is Experiment => !(result instanceof ExperimentError));
        experiment = accepted ?? experiment;
      }
    }
    return experiment;
  }

  test.each([...ODD, ...PRESETS.map(({ id }) => [id, presetExperiment(id)] as const)])(
    'a document with %s becomes every preset',
    (_, odd) => {
      // There is no control for what the arms set, nor for names.
      const from = parseExperiment({ ...odd, arms });
      for (const { id } of PRESETS) {
        const preset = presetExperiment(id);
        const reached = { ...broughtTo(preset, from), name: preset.name };
        expect(coarse(reached)).toEqual(coarse(preset));
        expect(presetOf(parseExperiment(reached))).toBe(id);
      }
    },
  );
});
