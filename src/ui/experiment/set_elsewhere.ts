import { isWithin } from '../../experiment/path';
import { baseTrial, withArm } from '../../experiment/trial';
import type { Axis, Experiment } from '../../experiment/types';
import type { Control } from './controls';
import { clipped } from './entry';
import { formatNumber } from '../../view/number_format';
import { parameterLabel } from '../../view/parameter_names';

/** Characters of an arm's name and of a value that a note repeats. */
const MOST_OF_NAME = 40;
const MOST_SHOWN = 60;

/** Where a control's value is set, other than in its field. */
export interface SetElsewhere {
  /** In words; empty where the value holds for every trial. */
  note: string;
  /** What the arms set in the place of the value, which then tells nothing and cannot be changed. */
  byArms: string | undefined;
}

/**
 * A field whose setting an axis sweeps stays open: the document's own value still says where the crosshair begins, and a reader who
 * types a learning rate there looks for that learning rate on the map. What every arm sets has no such use, so its field is closed.
 */
export function setElsewhere(experiment: Experiment, control: Control): SetElsewhere {
  const { axes, arms } = experiment;
  const sets = (path: string) => control.paths.some((own) => isWithin(own, path));
  const setsPart = (path: string) => control.paths.some((own) => isWithin(path, own));
  const setting = arms.filter(({ set }) => Object.keys(set).some(sets));
  const touched = arms.filter(({ set }) => Object.keys(set).some((path) => sets(path) || setsPart(path)));
  const inArms = touched.map((arm) => {
    const trial = withArm(baseTrial(experiment), arm);
    return { name: arm.name, shown: control.shown({ ...experiment, ...trial }) };
  });
  const perArm = inArms
    .map(({ name, shown }) => `${clipped(name, MOST_OF_NAME)}: ${clipped(shown, MOST_SHOWN)}`)
    .join('; ');
  if (setting.length === arms.length)
    return {
      byArms: [...new Set(inArms.map(({ shown }) => shown))].join(', '),
      note: `set by the arms (${perArm})`,
    };
  const notes = [
    ...(['x', 'y'] as const).flatMap((name) => {
      const axis = axes[name];
      if (!axis) return [];
      const where = `${name === 'x' ? 'across' : 'upwards'}: ${range(axis)}`;
      if (evensWidths(experiment, control, axis))
        return [`every layer has the first width while the axis ${where} sets how many there are`];
      if (sets(axis.parameter)) return [`set by the axis ${where}; here, where the crosshair begins`];
      return setsPart(axis.parameter)
        ? [`${parameterLabel(axis.parameter)} is set by the axis ${where}`]
        : [];
    }),
    ...(inArms.length > 0 ? [`set by arms (${perArm})`] : []),
  ];
  return { note: notes.join('; '), byArms: undefined };
}

/** An axis of depth gives every hidden layer the width of the first. */
function evensWidths({ model: { hidden } }: Experiment, { id }: Control, { parameter }: Axis): boolean {
  return id === 'model.width' && parameter === 'model.depth' && hidden.some((width) => width !== hidden[0]);
}

function range({ from, to }: Axis): string {
  return `${formatNumber(from)} … ${formatNumber(to)}`;
}
