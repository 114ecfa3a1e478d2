import { setParameter, SHAPE_PARAMETERS } from './axes';
import { parseTrial } from './consistency';
import { getPath, isRecord, parsePath, replacePath } from './path';
import { hasField } from './document_schema';
import type { Arm, Experiment, TrialDocument } from './types';

type Parts = Pick<Experiment, keyof TrialDocument | 'axes' | 'arms'>;

/** What of an experiment is a trial's. */
export function baseTrial({ model, data, loss, optimizer, seed, rule }: TrialDocument): TrialDocument {
  return { model, data, loss, optimizer, seed, rule };
}

/** The fields that another type of, say, `data` does not have go with the old type. */
function setType(trial: TrialDocument, path: string, type: unknown): TrialDocument {
  const part = path.slice(0, -'.type'.length);
  const keys = parsePath(part) ?? [];
  const old = keys.length > 0 ? getPath(trial, keys) : undefined;
  if (!isRecord(old)) return setParameter(trial, path, type);
  const fields = Object.entries(old).filter(([field]) => hasField(part, type, field));
  return setParameter(replacePath(trial, keys, Object.fromEntries(fields)) ?? trial, path, type);
}

/**
 * Parameters in the order in which they are set: types decide which other fields there are, shapes over how many layers
 * a number is spread, and a list is set before its entries.
 */
function inOrder<T>(values: readonly [path: string, value: T][]): [path: string, value: T][] {
  const rank = (path: string): number => {
    if (isType(path)) return -1;
    const shape = SHAPE_PARAMETERS.indexOf(path);
    return shape >= 0 ? shape : SHAPE_PARAMETERS.length + (parsePath(path)?.length ?? 0);
  };
  return values.toSorted(([a], [b]) => rank(a) - rank(b));
}

function isType(path: string): boolean {
  return path.endsWith('.type');
}

/**
 * The document with an arm's settings.
 * @throws ExperimentError with the path of the trial's document that is wrong.
 */
export function withArm(trial: TrialDocument, { set }: Arm): TrialDocument {
  const result = inOrder(Object.entries(set)).reduce(
    (document, [path, value]) => (isType(path) ? setType : setParameter)(document, path, value),
    trial,
  );
  return parseTrial(result);
}

/** The document with values of the axes set. */
export function withAxes(
  trial: TrialDocument,
  axes: Experiment['axes'],
  xValue: number,
  yValue?: number,
): TrialDocument {
  const values: [string, number][] = [[axes.x.parameter, xValue]];
  if (axes.y && yValue !== undefined) values.push([axes.y.parameter, yValue]);
  return inOrder(values).reduce((document, [path, value]) => setParameter(document, path, value), trial);
}

/** Documents of the arms: an experiment is never changed once it is parsed, and a sweep asks for each of them often. */
const arms = new WeakMap<Arm, { of: Parts; document: TrialDocument }>();

function armDocument(experiment: Parts, arm: Arm): TrialDocument {
  const known = arms.get(arm);
  if (known?.of === experiment) return known.document;
  const document = withArm(baseTrial(experiment), arm);
  arms.set(arm, { of: experiment, document });
  return document;
}

/**
 * One trial of a parsed experiment: the arm's settings, then the axes' values, then the replicate's seed.
 * @param arm index of the arm
 */
export function trialDocument(
  experiment: Parts,
  arm: number,
  replicate: number,
  xValue: number,
  yValue?: number,
): TrialDocument {
  const chosen = experiment.arms[arm];
  if (!chosen) throw new RangeError(`No arm ${arm} among ${experiment.arms.length}`);
  const trial = withAxes(armDocument(experiment, chosen), experiment.axes, xValue, yValue);
  return { ...trial, seed: trial.seed + replicate };
}
