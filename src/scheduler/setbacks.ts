import { EngineFaultError, EngineLostError, type Engine } from '../training/engine';

/** How often in a row a new device is taken after one was lost. */
const LOSSES = 3;
/** And another engine after one that computed wrongly: more often than there are ways to train. */
const FAULTS = 16;

/** What work met that engines do, and whether it is to be tried again: on a new device, in the same way, in another way. */
export class Setbacks {
  private losses = 0;
  private faults = 0;

  /** @param tell is told of what the same engine may get over, in words */
  constructor(private readonly tell: (words: string) => void) {}

  /** Work has come further than where the last one was met. */
  overcome(): void {
    this.losses = 0;
    this.faults = 0;
  }

  /**
   * @param otherwise changes what is asked of an engine that has no memory for it, and says how, if it can
   * @returns the fault for which another engine is wanted; nothing where the same one may do, opened anew
   * @throws `error`, where it is no setback, or one too many
   */
  after(
    { adapter, name }: Engine,
    error: unknown,
    otherwise: () => string | undefined = () => undefined,
  ): EngineFaultError | undefined {
    if (error instanceof EngineLostError) this.losses += 1;
    else if (error instanceof EngineFaultError) this.faults += 1;
    else throw error;
    if (this.losses > LOSSES || this.faults > FAULTS) throw error;
    const how =
      error instanceof EngineLostError ? 'on a new device' : error.outOfMemory ? otherwise() : undefined;
    if (error instanceof EngineFaultError && how === undefined && this.faults > 1) return error;
    const words = `${adapter}, ${name} engine: ${error.message}. Trained again`;
    this.tell(how === undefined ? `${words}.` : `${words} ${how}.`);
    return undefined;
  }
}
