/** Paths of a document, written as in `model.hidden[2]`. */

export type PathKey = string | number;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PATH = /^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*|\[(?:0|[1-9][0-9]{0,8})\])*$/;

/** No field of a document has as long a path. */
const LONGEST = 200;

/** Paths that were parsed: a sweep sets the same two parameters a million times. */
const parsed = new Map<string, readonly PathKey[] | undefined>();
const MOST_PARSED = 1000;

/** The keys of a path, or nothing for a text that is not one. */
export function parsePath(text: string): readonly PathKey[] | undefined {
  if (text.length > LONGEST) return undefined;
  if (parsed.has(text)) return parsed.get(text);
  const keys = PATH.test(text)
    ? [...text.matchAll(/[A-Za-z][A-Za-z0-9]*|[0-9]+/g)].map(([key]) =>
        /^[0-9]/.test(key) ? Number(key) : key,
      )
    : undefined;
  if (parsed.size === MOST_PARSED) parsed.clear();
  parsed.set(text, keys);
  return keys;
}

export function isName(key: string): boolean {
  return NAME.test(key);
}

/** Keys as text; a key that is no name is quoted, as in `arms[1].set["model.bias"]`. */
export function formatPath(keys: readonly PathKey[]): string {
  return keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    if (!isName(key)) return `${path}[${JSON.stringify(key)}]`;
    return path ? `${path}.${key}` : key;
  }, '');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function child(node: unknown, key: PathKey): unknown {
  if (Array.isArray(node)) return typeof key === 'number' ? node[key] : undefined;
  return isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined;
}

export function getPath(root: unknown, keys: readonly PathKey[]): unknown {
  return keys.reduce(child, root);
}

/**
 * A copy of `root` with another value at a path; what lies off the path is shared, not copied.
 * Nothing when the parent of the last key does not exist; that key itself may be new in an object, not in an array.
 * @param from which of the keys is the first
 */
export function replacePath<T>(
  root: T,
  keys: readonly PathKey[],
  value: unknown,
  from?: number,
): T | undefined;
export function replacePath(root: unknown, keys: readonly PathKey[], value: unknown, from = 0): unknown {
  const key = keys[from];
  if (key === undefined) return value;
  const replaced = replacePath(child(root, key), keys, value, from + 1);
  if (replaced === undefined) return undefined;
  if (Array.isArray(root)) {
    return typeof key === 'number' && key < root.length ? root.with(key, replaced) : undefined;
  }
  return isRecord(root) && typeof key === 'string' ? { ...root, [key]: replaced } : undefined;
}

/** Whether `path` is `ancestor` or lies within it. */
export function isWithin(path: string, ancestor: string): boolean {
  return path === ancestor || path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`);
}

/** A path and all that it lies within, such as `a.b[0]`, `a.b` and `a`. */
function enclosing(path: string): string[] {
  const keys = parsePath(path) ?? [];
  return [path, ...keys.slice(1).map((_, i) => formatPath(keys.slice(0, i + 1)))];
}

/**
 * The first of some paths that cannot be set together with another of them, and that other:
 * it is there twice, lies within the other, or within what the other rivals.
 * @param rivals what sets a field in another way, by the field's path
 */
export function findClash(
  paths: readonly string[],
  rivals?: ReadonlyMap<string, readonly string[]>,
): [path: string, other: string] | undefined {
  const last = new Map(paths.map((path, i) => [path, i]));
  for (const [i, path] of paths.entries()) {
    if (last.get(path) !== i) return [path, path];
    const within = enclosing(path);
    const others = [...within.slice(1), ...within.flatMap((ancestor) => rivals?.get(ancestor) ?? [])];
    const other = others.find((candidate) => last.has(candidate));
    if (other !== undefined) return [path, other];
  }
  return undefined;
}
