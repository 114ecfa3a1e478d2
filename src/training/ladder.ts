import { GpuUnavailableError } from '../gpu/errors';
import type { Engine, EngineFaultError } from './engine';
import { openEngine, type AvailableEngine, type EngineChoice } from './engines';
import { ProvedEngine } from './proved_engine';
import { SpotCheckedEngine } from './spot_check';

/** A way to train. */
interface Rung {
  readonly engine: AvailableEngine;
  /** Which of `DEVICES`. */
  readonly device: number;
  /** Steps of a dispatch at the most. */
  readonly steps: number;
}

/** What adapters a machine may have, in the order in which they are asked for. */
const DEVICES: readonly GPURequestAdapterOptions[] = [
  { powerPreference: 'high-performance' },
  { powerPreference: 'low-power' },
  { forceFallbackAdapter: true },
];

export interface LadderListener {
  /** What trains from now on has answered a question whose answer is known. */
  checked?(): void;
  /** Something was wrong, in words, and what happens now. */
  fault?(words: string): void;
}

/**
 * Ways to train, one below the other, for when one is found to compute wrongly: shorter dispatches, the engine of single
 * kernels, the machine's next adapter, and at last the reference on the CPU, which is what the others are held against.
 */
export class Ladder {
  private rung: Rung;
  /** Adapters that were given up, by name. */
  private readonly distrusted = new Set<string>();
  private adapter = '';

  constructor(
    private readonly first: AvailableEngine,
    private readonly gpu: () => Promise<GPU | undefined>,
    private readonly secure: boolean,
    private readonly listener: LadderListener = {},
    private readonly choice: Pick<EngineChoice, 'patience'> = {},
  ) {
    this.rung = { engine: first, device: 0, steps: Infinity };
  }

  /**
   * An engine as far down as was found necessary.
   * @param fault what was wrong with the last one, if that is why another is wanted
   * @throws GpuUnavailableError when there was no adapter to begin with
   */
  readonly open = async (fault?: EngineFaultError): Promise<Engine> => {
    if (fault) await this.down(fault);
    try {
      return await this.openRung();
    } catch (error) {
      if (!(error instanceof GpuUnavailableError) || this.adapter === '') throw error;
      // There was one: a browser whose GPU process ended several times gives it to no page any more.
      const where = `${this.adapter}, ${this.rung.engine} engine`;
      this.rung = { engine: 'reference', device: 0, steps: Infinity };
      this.listener.fault?.(
        `${where}: there is no GPU any more (${error.message}). Trained again ${this.words()}.`,
      );
      return this.openRung();
    }
  };

  private async down(fault: EngineFaultError): Promise<void> {
    const { engine, device } = this.rung;
    const where = `${this.adapter}, ${engine} engine`;
    if (engine === 'reference') throw fault;
    if (engine === 'fused' && fault.fewerSteps !== undefined)
      this.rung = { engine, device, steps: fault.fewerSteps };
    else if (engine === 'fused') this.rung = { engine: 'layered', device, steps: Infinity };
    else await this.nextDevice();
    this.listener.fault?.(`${where}: ${fault.message}. Trained again ${this.words()}.`);
  }

  private words(): string {
    const { engine, device, steps } = this.rung;
    if (engine === 'reference') return 'on the CPU, by the reference engine in float64';
    const where = device === 0 ? '' : ` on ${this.adapter}`;
    if (steps === Infinity) return `by the ${engine} engine${where}`;
    return `in dispatches of ${steps === 1 ? 'one step' : `at most ${steps} steps`}${where}`;
  }

  /** The next adapter that is another one, else the reference. */
  private async nextDevice(): Promise<void> {
    this.distrusted.add(this.adapter);
    for (let device = this.rung.device + 1; device < DEVICES.length; device += 1) {
      this.rung = { engine: this.first, device, steps: Infinity };
      try {
        const engine = await this.openRung();
        engine.close();
        if (!this.distrusted.has(engine.adapter)) return;
      } catch (error) {
        if (!(error instanceof GpuUnavailableError)) throw error;
      }
    }
    this.rung = { engine: 'reference', device: 0, steps: Infinity };
  }

  private async openRung(): Promise<Engine> {
    const { engine: name, device, steps } = this.rung;
    const gpu = name === 'reference' ? undefined : await this.gpu();
    const engine = await openEngine(name, gpu, this.secure, {
      ...this.choice,
      adapter: DEVICES[device]!,
      steps,
      // Later it is asked for because one was lost, which has been told.
      tell: (words) => this.adapter === '' && this.listener.fault?.(words),
    });
    this.adapter = engine.adapter;
    if (name === 'reference') return engine;
    return new SpotCheckedEngine(new ProvedEngine(engine, () => this.listener.checked?.()));
  }
}
