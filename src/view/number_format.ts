/** A number for people: plain where it is short, else as `2.5e−7`, in characters that every font has. */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  const plain = size === 0 || (size >= 1e-3 && size < 1e5);
  return (plain ? String(rounded) : rounded.toExponential().replace('+', '')).replaceAll('-', '−');
}

/** A count with thin spaces between the thousands. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** `830`, `5.4 k`, `1.2 M`: how many a second. */
export function formatRate(value: number, digits = 2): string {
  return withUnit(value, digits, [
    [1e9, '\u202fG'],
    [1e6, '\u202fM'],
    [1e3, '\u202fk'],
    [1, ''],
  ]);
}

/** A length of time that was measured: `830 ns`, `12.3 µs`, `1.25 ms`, `2.1 s`. */
export function formatDuration(seconds: number): string {
  return withUnit(seconds, 3, [
    [1, ' s'],
    [1e-3, ' ms'],
    [1e-6, ' µs'],
    [1e-9, ' ns'],
  ]);
}

/** In the largest unit of which it is one, once rounded, or else in the smallest. */
function withUnit(
  value: number,
  digits: number,
  units: readonly (readonly [size: number, unit: string])[],
): string {
  const least = 1 - 0.5 * 10 ** -digits;
  const [size, unit] = units.find(([size]) => Math.abs(value) >= least * size) ?? units.at(-1)!;
  return `${formatNumber(value / size, digits)}${unit}`;
}

/**
 * A number with its error, to the digit that the error has: `1.66 ± 0.04`.
 * @param finest error that is told; a smaller one is told as this
 */
export function formatMeasured(value: number, error: number, finest = 0.005): string {
  const digits = Math.min(12, Math.max(0, -Math.floor(Math.log10(Math.max(error, finest)))));
  return `${value.toFixed(digits)} ± ${error.toFixed(digits)}`.replaceAll('-', '−');
}

/** `12 %` */
export function formatShare(share: number): string {
  return `${formatNumber(100 * share, 2)} %`;
}

/** A length of time to wait for, to the precision that a person needs. */
export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '…';
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}
