import { CLASS_NUMBER, type ResultTable } from '../scheduler/results';
import { formatNumber } from './number_format';

/** One trial's outcome in words; nothing known is said so. */
export function outcomeWords(table: ResultTable, trial: number | undefined): string {
  if (trial === undefined) return 'waiting';
  const loss = formatNumber(table.lossFinal[trial]!);
  switch (table.class[trial]) {
    case CLASS_NUMBER.converged:
      return `converged, loss ${loss}`;
    case CLASS_NUMBER.stalled:
      return `stalled, loss ${loss}`;
    case CLASS_NUMBER.diverged: {
      const step = table.divergedAt[trial]!;
      return step >= 0 ? `diverged at step ${step}` : `diverged, loss ${loss}`;
    }
    case CLASS_NUMBER.training:
      return `training, loss ${loss}`;
    default:
      return 'waiting';
  }
}
