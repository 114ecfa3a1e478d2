import { ACTIVATIONS, LOSSES, namesOf, NORMALIZATIONS } from '../../experiment/kinds';
import { getPath, parsePath } from '../../experiment/path';
import { parseExperiment } from '../../experiment/parse';
import type { Axis, Experiment } from '../../experiment/types';
import { axisFor, axisParameters } from './axis_choices';
import { withAxis, withSetting } from './edit_experiment';
import { entryOf, parseEntry } from './entry';
import { parameterLabel } from '../../view/parameter_names';

const DATA_TYPES = ['teacher', 'linear', 'gaussian', 'spiral', 'moons', 'circles'];
const INITIALIZATIONS = ['he', 'lecun', 'glorot', 'normal', 'constant'];
const RULES = ['threshold', 'sohl-dickstein'];

/** Where there is nothing to show: no y axis, no hidden layers that had a width. */
const NONE = 'none';
/** γ and β take each layer's own learning rate. */
const SAME = 'same';

/** One thing of an experiment that a person can change; what it shows can be entered again. */
export interface Control {
  /** Its path in the document, `model.depth` or `model.width`. */
  id: string;
  /** Beside its field. */
  label: string;
  /** What it is called away from there. */
  name: string;
  /** The options in words, by value; `switch` for yes or no; nothing where the value is typed. */
  options?: ReadonlyMap<string, string> | 'switch';
  /** Paths of the document that it shows, where they are not its id. */
  paths: readonly string[];
  /** What may be entered besides what the document says. */
  also?: string;
  /** The value in force. */
  shown(experiment: Experiment): string;
  /**
   * @param layers hidden layers that there were, for when there are some again
   * @throws ExperimentError for what the document does not allow
   */
  set(experiment: Experiment, text: string, layers?: readonly number[]): Experiment;
}

export interface ControlGroup {
  title: string;
  /** Its parts, some under a heading. */
  parts: { heading?: string; controls: Control[] }[];
}

function valueAt(experiment: Experiment, id: string): unknown {
  return getPath(experiment, parsePath(id) ?? []);
}

function setting(id: string, change: Partial<Control> = {}): Control {
  const name = parameterLabel(id);
  return {
    id,
    label: name,
    name,
    paths: [id],
    shown: (experiment) => entryOf(valueAt(experiment, id)),
    set: (experiment, text, layers) => withSetting(experiment, id, parseEntry(text), layers),
    ...change,
  };
}

/** Options that are called what they are. */
function same(options: readonly string[]): ReadonlyMap<string, string> {
  return new Map(options.map((option) => [option, option]));
}

/** What is in force is always among the options, as a file may hold what is not offered. */
function choice(id: string, options: readonly string[], experiment: Experiment): Control {
  const current = String(valueAt(experiment, id));
  return setting(id, {
    options: same(options.includes(current) ? options : [current, ...options]),
    set: (experiment, text) => withSetting(experiment, id, text),
  });
}

function axisControls(name: 'x' | 'y', experiment: Experiment): Control[] {
  const axisOf = ({ axes }: Experiment) => axes[name];
  const part = (key: keyof Axis, change: Partial<Control> = {}): Control => {
    const path = `axes.${name}.${key}`;
    return setting(path, {
      label: key,
      set: (experiment, text) => {
        const axis = axisOf(experiment);
        const value = 'options' in change ? text : parseEntry(text);
        return parseExperiment({
          ...experiment,
          axes: { ...experiment.axes, [name]: { ...axis, [key]: value } },
        });
      },
      ...change,
    });
  };
  const parameters = [...axisParameters(experiment), ...(name === 'y' ? [NONE] : [])];
  const parameter = part('parameter', {
    options: new Map(parameters.map((path) => [path, parameterLabel(path)])),
    shown: (experiment) => axisOf(experiment)?.parameter ?? NONE,
    set: (experiment, text) => {
      const { x } = experiment.axes;
      const axis = axisOf(experiment);
      if (text === axis?.parameter) return experiment;
      return withAxis(experiment, name, text === NONE ? undefined : axisFor(text, (axis ?? x).count));
    },
  });
  return axisOf(experiment)
    ? [parameter, part('scale', { options: same(['log', 'linear']) }), part('from'), part('to')]
    : [parameter];
}

/** Number for all layers the same, or a list. */
function widthOf({ model: { hidden } }: Experiment): string {
  if (hidden.length === 0) return NONE;
  return hidden.every((width) => width === hidden[0]) ? String(hidden[0]) : entryOf(hidden);
}

/** Every part of an experiment that a person would change, and what it has in force. */
export function controlGroups(experiment: Experiment): ControlGroup[] {
  const { data, rule } = experiment;
  const chosen = (id: string, ...options: string[]) => choice(id, options, experiment);
  const group = (title: string, ...controls: (Control | false)[]): ControlGroup => ({
    title,
    parts: [{ controls: controls.filter((control) => control !== false) }],
  });
  return [
    {
      title: 'Axes',
      parts: [
        { heading: 'Across', controls: axisControls('x', experiment) },
        { heading: 'Upwards', controls: axisControls('y', experiment) },
      ],
    },
    group(
      'Model',
      setting('model.inputs'),
      setting('model.depth', {
        paths: ['model.depth', 'model.hidden'],
        shown: ({ model }) => String(model.hidden.length),
      }),
      setting('model.width', {
        paths: ['model.width', 'model.hidden'],
        also: 'a list of one for each hidden layer',
        shown: widthOf,
        set: (experiment, text, layers) =>
          withSetting(experiment, 'model.width', text === NONE ? [] : parseEntry(text), layers),
      }),
      setting('model.outputs'),
      chosen('model.activation', ...namesOf(ACTIVATIONS)),
      setting('model.preactivationGain'),
      setting('model.bias', {
        options: 'switch',
        set: (experiment, text) => withSetting(experiment, 'model.bias', text === 'true'),
      }),
      chosen('model.scaling', 'standard', 'ntk', 'mean-field'),
      chosen('model.initialization.type', ...INITIALIZATIONS),
      setting('model.initialization.gain', {
        paths: ['model.initialization.gain', 'model.initialization.gainLayers'],
        also: 'a list of one for each weight layer',
        shown: ({ model: { initialization } }) => entryOf(initialization.gainLayers ?? initialization.gain),
      }),
    ),
    group(
      'Normalization',
      chosen('model.normalization.type', ...NORMALIZATIONS),
      chosen('model.normalization.placement', 'pre', 'post'),
      chosen('model.normalization.affine', 'trained', 'frozen'),
      setting('model.normalization.epsilon', { label: 'ε' }),
      chosen('model.normalization.layers', 'hidden', 'all', 'last'),
    ),
    group(
      'Data and loss',
      chosen('data.type', ...DATA_TYPES),
      data.type !== 'inline' && setting('data.samples'),
      data.type === 'linear' && setting('data.target'),
      setting('data.noise'),
      setting('data.inputScale'),
      setting('data.inputShift'),
      chosen('loss', ...LOSSES),
    ),
    group(
      'Training',
      setting('optimizer.learningRate'),
      setting('optimizer.learningRateNorm', {
        also: `"${SAME}", which is each layer’s own η`,
        shown: ({ optimizer }) => entryOf(optimizer.learningRateNorm ?? SAME),
        set: (experiment, text) =>
          withSetting(experiment, 'optimizer.learningRateNorm', text === SAME ? undefined : parseEntry(text)),
      }),
      setting('optimizer.momentum'),
      setting('optimizer.weightDecay'),
      setting('optimizer.batch'),
      setting('optimizer.steps'),
      setting('seed'),
      setting('replicates', {
        set: (experiment, text) => parseExperiment({ ...experiment, replicates: parseEntry(text) }),
      }),
    ),
    group(
      'Rule',
      chosen('rule.type', ...RULES),
      ...(rule.type === 'threshold'
        ? ['rule.divergence', 'rule.target', 'rule.window'].map((id) => setting(id))
        : []),
    ),
  ];
}

export function controlsOf(experiment: Experiment): Control[] {
  return controlGroups(experiment).flatMap(({ parts }) => parts.flatMap(({ controls }) => controls));
}
