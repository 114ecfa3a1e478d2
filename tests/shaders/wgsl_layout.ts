/** What WGSL's text says of constants and of where the members of its structs lie. */

/** A member of a struct, or an element of an array that is one. */
export interface Place {
  readonly name: string;
  /** Its type as the text has it. */
  readonly type: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
}

export interface StructLayout {
  readonly members: readonly Place[];
  readonly align: number;
  /** Bytes, a whole number of `align`. */
  readonly size: number;
}

interface TypeLayout {
  readonly align: number;
  readonly size: number;
}

/** https://www.w3.org/TR/WGSL/#alignment-and-size, as far as it occurs. */
const SCALAR: TypeLayout = { align: 4, size: 4 };
const TYPES: Readonly<Record<string, TypeLayout>> = {
  u32: SCALAR,
  i32: SCALAR,
  f32: SCALAR,
  vec2u: { align: 8, size: 8 },
  vec2f: { align: 8, size: 8 },
  vec4u: { align: 16, size: 16 },
  vec4f: { align: 16, size: 16 },
};

export const withoutComments = (wgsl: string) => wgsl.replace(/\/\/.*$/gm, '');

/** Where the members of a struct lie; it and those that it is made of are in the text. */
export function structOf(wgsl: string, name: string): StructLayout {
  const body = new RegExp(`\\bstruct\\s+${name}\\s*\\{([^}]*)\\}`).exec(withoutComments(wgsl))?.[1];
  if (body === undefined) throw new Error(`of type ${name} it is not known where it lies`);
  let end = 0;
  let align = 1;
  const members = membersOf(body).map(([member, type]): Place => {
    const layout = layoutOf(wgsl, type);
    const offset = roundUp(end, layout.align);
    end = offset + layout.size;
    align = Math.max(align, layout.align);
    return { name: member, type, offset };
  });
  return { members, align, size: roundUp(end, align) };
}

/** The constants of a text that are numbers. */
export function constantsOf(wgsl: string): ReadonlyMap<string, number> {
  const found = withoutComments(wgsl).matchAll(/\bconst\s+(\w+)(?:\s*:\s*\w+)?\s*=\s*([^;]+);/g);
  const numbers = [...found].map(([, name, value]) => [name!, Number(value!.replace(/[uif]$/, ''))] as const);
  return new Map(numbers.filter(([, value]) => !Number.isNaN(value)));
}

/** The body of a function. */
export function functionOf(wgsl: string, name: string): string {
  const body = new RegExp(`^fn ${name}\\([^]*?\\{\\n([^]*?)^\\}`, 'm').exec(withoutComments(wgsl))?.[1];
  if (body === undefined) throw new Error(`no function is called ${name}`);
  return body;
}

/** The elements of `array<Element, COUNT>`, or of a runtime-sized one, which has none that count. */
export function arrayOf(
  wgsl: string,
  type: string,
): { readonly element: string; readonly stride: number; readonly count: number } | undefined {
  const [, element, count] = /^array<\s*(\w+)\s*(?:,\s*(\d+)u?\s*)?>$/.exec(type) ?? [];
  if (element === undefined) return undefined;
  const { align, size } = layoutOf(wgsl, element);
  return { element, stride: roundUp(size, align), count: Number(count ?? 0) };
}

function membersOf(body: string): [name: string, type: string][] {
  return [...body.matchAll(/(\w+)\s*:\s*(\w+(?:<[^>]*>)?)\s*,?/g)].map(([, name, type]) => [name!, type!]);
}

function layoutOf(wgsl: string, type: string): TypeLayout {
  const array = arrayOf(wgsl, type);
  if (array) return { align: layoutOf(wgsl, array.element).align, size: array.stride * array.count };
  return TYPES[type] ?? structOf(wgsl, type);
}

const roundUp = (value: number, to: number) => Math.ceil(value / to) * to;
