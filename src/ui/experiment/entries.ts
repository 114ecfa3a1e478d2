import { ExperimentError, type Arm } from '../../experiment/types';
import { refusal, type Field, type Refusal } from './refusal';

/** The refusals and remarks that fields show of what was entered. */
export class Entries {
  /** Refused entries by field; each stays until it is corrected or taken back, or another entry is accepted. */
  refusals: ReadonlyMap<string, Refusal> = new Map();
  /** What else the latest entry changed, and in which field that was. */
  remark: { readonly field: string; readonly words: string } | undefined;

  /**
   * Makes an entry; a refused one changes nothing but what its field says.
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

  /** Gives up the refused entry of a field. */
  takeBack(id: string): void {
    this.refusals = new Map([...this.refusals].filter(([field]) => field !== id));
  }

  /** Forgets all that was said of earlier entries. */
  clear(): void {
    this.refusals = new Map();
    this.remark = undefined;
  }
}
