import type { Lab } from '../../service/lab';
import type { LabCompute, LabEngine, MeasurementName, PartOf, RequestOf } from '../../service/lab_protocol';
import { wordsOf } from '../../service/words_of';

/** What has been measured, and of what: the parts that have come of the first measurement, else of one that has ended. */
export interface Shown<Name extends MeasurementName> {
  readonly request: RequestOf<Name>;
  readonly compute: LabCompute;
  readonly parts: readonly PartOf<Name>[];
}

/** The latest of a measurement of the lab; what was measured before stays until another has ended. `change` follows every change. */
export class LabResult<Name extends MeasurementName> extends EventTarget {
  phase: 'idle' | 'measuring' | 'done' | 'failed' = 'idle';
  failure: string | undefined;
  shown: Shown<Name> | undefined;
  private key = '';
  private ending: AbortController | undefined;

  constructor(
    private readonly lab: Lab,
    private readonly name: Name,
  ) {
    super();
  }

  /** Measures, unless that is what was last asked for. */
  want(request: RequestOf<Name>, engine: LabEngine): void {
    const key = JSON.stringify([request, engine]);
    if (key === this.key && this.phase !== 'idle') return;
    this.key = key;
    void this.measure(request, engine);
  }

  /** Ends what is under way; what has been measured stays. */
  stop(): void {
    this.ending?.abort();
    if (this.phase === 'measuring') this.turn('idle');
  }

  private async measure(request: RequestOf<Name>, engine: LabEngine): Promise<void> {
    this.ending?.abort();
    const ending = new AbortController();
    this.ending = ending;
    const isFirst = !this.shown;
    let latest: Shown<Name> | undefined;
    this.turn('measuring');
    try {
      await this.lab.measure(this.name, request, {
        engine,
        signal: ending.signal,
        began: (compute) => (latest = { request, compute, parts: [] }),
        tell: (part) => {
          if (!latest) return;
          latest = { ...latest, parts: [...latest.parts, part] };
          if (isFirst) this.show(latest);
        },
      });
      if (ending.signal.aborted) return;
      this.shown = latest;
      this.turn('done');
    } catch (error) {
      if (ending.signal.aborted) return;
      this.shown = undefined;
      this.turn('failed', wordsOf(error));
    }
  }

  private show(shown: Shown<Name>): void {
    this.shown = shown;
    this.dispatchEvent(new Event('change'));
  }

  private turn(phase: LabResult<Name>['phase'], failure?: string): void {
    this.phase = phase;
    this.failure = failure;
    this.dispatchEvent(new Event('change'));
  }
}
