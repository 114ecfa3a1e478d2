import type { FusedShape } from '../kernels/geometry';

export type { FusedShape };

/** A shape in one word, as results and the command line name it: `workgroup-32-workgroup-columns-2`. */
export function shapeName({ team, workgroupSize, memory, pack, strip, held, written }: FusedShape): string {
  return [
    team,
    workgroupSize,
    memory,
    pack,
    ...(strip ? [strip] : []),
    ...(held ? ['held'] : []),
    ...(written ? ['written'] : []),
  ].join('-');
}

/** Invocations of a workgroup that can exchange values: those of a team `quad`. */
const QUAD = 4;
const MOST_INVOCATIONS = 256;
/** The memories that a team can have. */
const MEMORIES = {
  workgroup: ['workgroup', 'storage'],
  quad: ['storage'],
  single: ['private', 'interleaved', 'storage'],
} as const satisfies Record<FusedShape['team'], readonly FusedShape['memory'][]>;

/** What `shapeNamed` understands, by examples: team, invocations of a workgroup, memory, pack, and rows of a strip, if any. */
export const SHAPES_ALLOWED =
  'names like workgroup-32-workgroup-columns-2, single-32-interleaved-rows, quad-4-storage-columns';

/** The shape of a name; nothing where there is no such shape. */
export function shapeNamed(name: string): FusedShape | undefined {
  const [, team, size, memory, rows, strip, held, written] =
    /^([a-z]+)-(\d+)-([a-z]+)-(?:(rows)|columns(?:-([124]))?)(-held)?(-written)?$/.exec(name) ?? [];
  if (team !== 'workgroup' && team !== 'quad' && team !== 'single') return undefined;
  const found = MEMORIES[team].find((one) => one === memory);
  const workgroupSize = Number(size);
  const isSize = Number.isInteger(Math.log2(workgroupSize)) && workgroupSize <= MOST_INVOCATIONS;
  if (
    !found ||
    !isSize ||
    (team === 'quad' && (workgroupSize !== QUAD || rows || strip || written)) ||
    (held && (team !== 'single' || !rows))
  )
    return undefined;
  return {
    team,
    workgroupSize,
    memory: found,
    pack: rows ? 'rows' : 'columns',
    ...(strip && { strip: Number(strip) as 1 | 2 | 4 }),
    ...(held && { held: true }),
    ...(written && { written: true }),
  };
}
