import type { Results } from '../../view/map_picture';
import { shownResults, type Run } from '../map/run';

/** Times its last look that a review rests before the next, so that it takes a tenth of the page's time at most. */
const REST = 9;

/** What is found by looking at all results of a run; `change` follows when newer ones have been looked at. */
export class Review<Found> extends EventTarget {
  private known: { readonly results: Results; readonly found: Found } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the next look may begin. */
  private rested = 0;

  constructor(private readonly look: (run: Run) => Found) {
    super();
  }

  /** What was found of the run, or a little before; nothing before it was looked at. */
  of(run: Run): Found | undefined {
    const results = shownResults(run);
    if (this.known?.results.table !== results.table) this.known = undefined;
    if (this.known?.results !== results) this.lookSoon(run, results);
    return this.known?.found;
  }

  private lookSoon(run: Run, results: Results): void {
    clearTimeout(this.timer);
    const wait = Math.max(0, this.rested - performance.now());
    this.timer = setTimeout(() => {
      const start = performance.now();
      this.known = { results, found: this.look(run) };
      this.rested = performance.now() + REST * (performance.now() - start);
      this.dispatchEvent(new Event('change'));
    }, wait);
  }
}
