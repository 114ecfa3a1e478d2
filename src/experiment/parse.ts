/** From JSON to an experiment, or to the one thing that is wrong with it. */

import { axisValues, gridOf, isNumeric, RIVALS } from './axes';
import { checkConsistency, parseTrial } from './consistency';
import { findClash, formatPath, isWithin } from './path';
import { checkStructure, experimentStructure, LIMITS } from './document_schema';
import { experimentText, parseJson } from './text';
import { baseTrial, withArm, withAxes } from './trial';
import { ExperimentError, show, type Arm, type Axis, type Experiment, type TrialDocument } from './types';

export { MOST_DOCUMENT_BYTES } from './text';

type Axes = Experiment['axes'];

const TRIALS = 2 ** 28;

/**
 * The experiment that a JSON document describes, every default filled in.
 * @throws ExperimentError for the first thing that is wrong.
 */
export function parseExperiment(document: unknown): Experiment {
  // What a stored result says of itself is no part of the experiment.
  const { result: _result, ...checked } = checkStructure(experimentStructure, document);
  const experiment: Experiment = checked;
  const trial = baseTrial(experiment);
  checkConsistency(trial);
  checkSeeds(trial, experiment);
  checkAxes(experiment.axes);
  checkSize(experiment);
  for (const [index, arm] of experiment.arms.entries()) {
    const armTrial = checkArm(trial, arm, index, experiment);
    checkAxisValues(armTrial, arm, experiment);
  }
  // A copy, so that it shares nothing with what the caller may still change.
  return structuredClone(experiment);
}

/** @throws ExperimentError for a text that is not JSON too. */
export function parseExperimentText(text: string): Experiment {
  return parseExperiment(parseJson([], text.startsWith('\uFEFF') ? text.slice(1) : text));
}

/**
 * The experiment in a file.
 * @throws ExperimentError for what is not UTF-8, or more than `MOST_DOCUMENT_BYTES`, too.
 */
export function parseExperimentBytes(bytes: Uint8Array): Experiment {
  return parseExperimentText(experimentText(bytes));
}

/** Replicate r takes seed + r. */
function checkSeeds({ seed }: TrialDocument, { replicates }: Experiment): void {
  const last = LIMITS.seed - replicates + 1;
  if (seed > last) {
    throw new ExperimentError('seed', seed, `an integer from 0 to ${last}, with ${replicates} replicates`);
  }
}

function axisEntries(axes: Axes): ['x' | 'y', Axis][] {
  return axes.y
    ? [
        ['x', axes.x],
        ['y', axes.y],
      ]
    : [['x', axes.x]];
}

function checkZoom(name: string, { count, zoom }: Axis): void {
  if (!zoom) return;
  const most = (count - 1) * (2 ** zoom.level - 1);
  if (zoom.first > most)
    throw new ExperimentError(
      `axes.${name}.zoom.first`,
      zoom.first,
      `an integer from 0 to ${most}, with ${count} points at level ${zoom.level}`,
    );
}

function checkAxes(axes: Axes): void {
  for (const [name, axis] of axisEntries(axes)) checkZoom(name, axis);
  for (const [name, { scale, from, to }] of axisEntries(axes)) {
    if (scale !== 'log') continue;
    for (const [end, value] of [
      ['from', from],
      ['to', to],
    ] as const) {
      if (value <= 0)
        throw new ExperimentError(`axes.${name}.${end}`, value, 'a number above 0, on a log scale');
    }
  }
  if (axes.y && findClash([axes.x.parameter, axes.y.parameter], RIVALS)) {
    throw new ExperimentError(
      'axes.y.parameter',
      axes.y.parameter,
      `a parameter independent of axes.x.parameter (${axes.x.parameter})`,
    );
  }
}

function checkSize(experiment: Experiment): void {
  const { trials } = gridOf(experiment);
  if (trials > TRIALS) {
    throw new ExperimentError(
      'axes.x.count',
      experiment.axes.x.count,
      `a count with which arms × replicates × x × y (here ${trials}) is at most ${TRIALS}`,
    );
  }
}

/** The arm's document; errors name the setting at fault, or `arms[i].set` when they are together at fault. */
function checkArm(trial: TrialDocument, arm: Arm, index: number, experiment: Experiment): TrialDocument {
  const at = (path: string) => formatPath(['arms', index, 'set', path]);
  for (const [path, value] of Object.entries(arm.set)) {
    if (axisEntries(experiment.axes).some(([, axis]) => isWithin(path, axis.parameter))) {
      throw new ExperimentError(at(path), value, 'a parameter that no axis sweeps');
    }
  }
  const [clashing, other] = findClash(Object.keys(arm.set), RIVALS) ?? [];
  if (clashing !== undefined) {
    throw new ExperimentError(at(clashing), arm.set[clashing], `a setting independent of ${other}`);
  }
  return attributed(
    () => {
      const document = withArm(trial, arm);
      checkSeeds(document, experiment);
      return document;
    },
    ({ path, value, allowed }) => {
      const setting = Object.keys(arm.set).find((key) => isWithin(path, key));
      return setting === undefined
        ? new ExperimentError(`arms[${index}].set`, arm.set, `settings with which ${path} is ${allowed}`)
        : new ExperimentError(at(setting) + path.slice(setting.length), value, allowed);
    },
  );
}

/**
 * Every value an axis takes lies between its ends, and what a document allows is an interval, so the ends decide
 * (with the point after the first, for what allows only 0 and 1).
 */
function checkAxisValues(trial: TrialDocument, arm: Arm, experiment: Experiment): void {
  const { axes } = experiment;
  for (const [name, { parameter }] of axisEntries(axes)) {
    const overruled =
      parameter === 'model.initialization.gain' && trial.model.initialization.gainLayers !== undefined;
    if (overruled || !isNumeric(trial, parameter)) {
      throw new ExperimentError(
        `axes.${name}.parameter`,
        parameter,
        `the path of a number that the trials of arm ${show(arm.name, 40)} depend on, model.depth or model.width`,
      );
    }
  }
  const check = (name: 'x' | 'y', end: 'from' | 'to', varied: Axes, xValue: number, yValue?: number) =>
    attributed(
      () => checkSeeds(parseTrial(withAxes(trial, varied, xValue, yValue)), experiment),
      ({ path, value, allowed }) => {
        const { parameter, [end]: found } = axes[name] ?? axes.x;
        const here = typeof value === 'number' ? ` (here ${value})` : '';
        return new ExperimentError(
          `axes.${name}.${end}`,
          found,
          path === parameter ? allowed : `a value with which ${path}${here} is ${allowed}`,
        );
      },
    );
  for (const [name, axis] of axisEntries(axes)) {
    for (const [end, value] of probes(axis)) check(name, end, { x: axis }, value);
  }
  if (!axes.y) return;
  for (const [, xValue] of probes(axes.x)) {
    for (const [end, yValue] of probes(axes.y)) check('y', end, axes, xValue, yValue);
  }
}

/** Values of an axis to try, and the end that each stands for. */
function probes(axis: Axis): ['from' | 'to', number][] {
  const { zoom: _, ...whole } = axis;
  const values = axisValues(whole);
  const chosen = new Set([0, Math.min(1, axis.count - 1), axis.count - 1]);
  return [...chosen].map((i) => [i > 0 && i === axis.count - 1 ? 'to' : 'from', values[i] ?? axis.from]);
}

function attributed<T>(check: () => T, attribute: (error: ExperimentError) => ExperimentError): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof ExperimentError ? attribute(error) : error;
  }
}
