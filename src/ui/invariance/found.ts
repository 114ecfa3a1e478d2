import type { InvarianceView } from './invariance_view';
import type { LabResult } from './lab_result';

/** What the Scale invariance tab has measured, and the descent that it draws. */
export interface InvarianceFound {
  readonly scaling: LabResult<'invariance'>['shown'];
  readonly growth: LabResult<'norm_law'>['shown'];
  readonly rate: InvarianceView['rate'];
}
