import { medianAndSpread } from '../../src/gpu/timing';
import { PEERS, type Library } from './contestant';
import type { Row, Timing } from './measure';

/** Units of work a second of a library's best way, with half the interquartile range as a share of the median. */
interface Rate {
  readonly rate: number;
  readonly spread: number;
}

function rateOf({ work }: Row, { times }: Timing): Rate {
  const { median, spread } = medianAndSpread(times);
  return { rate: (work * 1000) / median, spread: spread / 2 / median };
}

/** The fastest of a library's ways. */
export function best(row: Row, library: Library): Rate | undefined {
  const rates = row.timings
    .filter((timing) => timing.library === library)
    .map((timing) => rateOf(row, timing));
  return rates.toSorted((a, b) => b.rate - a.rate)[0];
}

const KINDS = {
  training: { ours: ['fused', 'layered'], unit: 'trial-steps/s', scale: 1 },
  matmul: { ours: ['kernel'], unit: 'GFLOP/s', scale: 1e-9 },
} as const satisfies Record<Row['kind'], { ours: readonly Library[]; unit: string; scale: number }>;

/** The comparison as Markdown: what each library does a second, and how many times as much ours does. */
export function comparison(rows: readonly Row[]): string {
  return (['training', 'matmul'] as const)
    .map((kind) => {
      const chosen = rows.filter((row) => row.kind === kind);
      if (chosen.length === 0) return '';
      const { ours, unit, scale } = KINDS[kind];
      const ratios = ours.flatMap((own) => PEERS.map((peer) => ({ own, peer })));
      return table(
        [`workload, ${unit}`, ...ours, ...PEERS, ...ratios.map(({ own, peer }) => `${own} / ${peer}`)],
        chosen.map((row) => [
          row.title,
          ...[...ours, ...PEERS].map((library) => rateWords(best(row, library), scale)),
          ...ratios.map(({ own, peer }) => ratioWords(best(row, own), best(row, peer))),
        ]),
      );
    })
    .filter(Boolean)
    .join('\n\n');
}

/** Every timing as Markdown. */
export function timings(rows: readonly Row[]): string {
  return table(
    ['workload', 'contestant', 'units a run', 'median ms a unit', 'least', 'most', 'from float64'],
    rows.flatMap((row) =>
      row.timings.map(({ library, variant, units, times, deviation }) => [
        row.workload,
        `${library}, ${variant}`,
        String(units),
        ...[medianAndSpread(times).median, Math.min(...times), Math.max(...times)].map(digits),
        deviation.toExponential(1),
      ]),
    ),
  );
}

function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '---:')), ...body];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rateWords(rate: Rate | undefined, scale: number): string {
  return rate ? `${digits(rate.rate * scale)} ± ${Math.round(100 * rate.spread)} %` : '–';
}

function ratioWords(own: Rate | undefined, peer: Rate | undefined): string {
  return own && peer ? `${digits(own.rate / peer.rate)}×` : '–';
}

/** Three significant digits, without an exponent. */
function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}
