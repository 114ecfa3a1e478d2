import type { Experiment } from '../../experiment/types';
import { controlsOf } from './controls';
import { clipped } from './entry';
import { parameterLabel } from '../../view/parameter_names';

/** Characters of a value that a remark quotes. */
const MOST_SHOWN = 60;

/** Parts of the document whose fields depend on their type. */
const TYPED = [
  ['data', ({ data }: Experiment) => data],
  ['model.initialization', ({ model }: Experiment) => model.initialization],
  ['rule', ({ rule }: Experiment) => rule],
] as const;

/** What an entry into one control changed besides, in words; empty where it changed nothing else. */
export function consequences(before: Experiment, after: Experiment, id: string): string {
  const shown = new Map(controlsOf(before).map((control) => [control.id, control.shown(before)]));
  const changed = controlsOf(after).flatMap((control) => {
    // An axis's scale and ends change with its parameter, in plain sight right under it.
    if (control.id === id || /^axes\.[xy]\.(?:scale|from|to)$/.test(control.id)) return [];
    const now = control.shown(after);
    const was = shown.get(control.id);
    return was === undefined || was === now
      ? []
      : [
          `${control.name} ${clipped(typeof control.options === 'object' ? (control.options.get(now) ?? now) : now, MOST_SHOWN)}`,
        ];
  });
  const gone = TYPED.flatMap(([path, part]) =>
    Object.keys(part(before))
      .filter((field) => !Object.hasOwn(part(after), field) && field !== 'gainLayers')
      .map((field) => parameterLabel(`${path}.${field}`)),
  );
  return [
    ...(changed.length > 0 ? [`with it: ${changed.join(', ')}`] : []),
    ...(gone.length > 0 ? [`without: ${gone.join(', ')}`] : []),
  ].join('; ');
}
