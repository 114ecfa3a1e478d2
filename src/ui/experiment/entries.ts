import { ExperimentError, type Arm } from '../../experiment/types';
import { refusal, type Field, type Refusal } from './refusal';

/** What is said of the entries into fields. */
export class Entries {
  /** What was entered and not accepted, by field; it stays there until it is mended, taken back or another entry is accepted. */
  refusals: ReadonlyMap<string, Refusal> = new Map();
  /** What else the latest entry changed, and in which field that was. */
  remark: { readonly field: string; readonly words: string } | undefined;

  /**
   * An entry that is refused changes nothing but what its field says.
   * @param arms by whose names a refusal may explain itself
   * @param action throws an ExperimentError for what is not allowed; returns what else it changed
   * @returns whether it was accepted
   */
  attempt(field: Field, text: string, arms: readonly Arm[], action: () => string | void): boolean {
    try {
      const words = action();
      this.clear();
      if (words) this.remark = { field: field.id, words };
      return true;
    } catch (error) {
      if (!(error instanceof ExperimentError)) throw error;
      const refused = refusal(field, text, error, arms);
      this.refusals = new Map([...this.refusals, [field.id, refused]]);
      return false;
    }
  }

  /** What was refused is taken back. */
  takeBack(id: string): void {
    this.refusals = new Map([...this.refusals].filter(([field]) => field !== id));
  }

  /** Nothing that was said of earlier entries holds any more. */
  clear(): void {
    this.refusals = new Map();
    this.remark = undefined;
  }
}
