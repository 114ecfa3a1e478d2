import { shapeNamed } from '../training/shape_names';

const TEAMS = {
  workgroup: (size: number) => `a workgroup of ${size} a trial`,
  quad: () => 'four invocations a trial',
  single: () => 'an invocation a trial',
} as const;

/** Who trains a trial, in words, by the names of one or several shapes as results have them. */
export function shapeWords(shapes: string): string {
  const words = shapes.split(', ').map((name) => {
    const shape = shapeNamed(name);
    return shape ? TEAMS[shape.team](shape.workgroupSize) : name;
  });
  return [...new Set(words)].join(' or ');
}
