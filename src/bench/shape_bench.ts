import { requestGpu, type Gpu } from '../gpu/device';
import { ShaderCompileError } from '../gpu/errors';
import { samplingRules } from '../gpu/timing';
import { FusedEngine } from '../training/fused_engine';
import { formOf, formsOf, type FusedForm } from '../training/fused_form';
import { shapeName, type FusedShape } from '../training/shape_names';
import { planOf } from '../training/planner';
import { benchEngine, type EngineMeasurement, type Together } from './engine_bench';
import { workloadTrials, type Workload } from './workloads';

/** How the fused engine trains a workload in one shape. */
export interface ShapeMeasurement {
  readonly workload: string;
  /** Its name. */
  readonly shape: string;
  /** Packs of memory of a trial; nothing where the shape does not fit the workload on this adapter. */
  readonly packs: number | undefined;
  /** Nothing where it does not fit, or its pipeline does not compile. */
  readonly measured: Omit<EngineMeasurement, 'workload' | 'engine'> | undefined;
}

/** What was measured; also the JSON that is exported. */
export interface ShapeReport {
  readonly format: 'normscape/bench-shapes';
  readonly version: 1;
  /** ISO 8601 */
  readonly date: string;
  readonly adapter: { readonly name: string; readonly software: boolean };
  readonly shapes: readonly ShapeMeasurement[];
}

/** What is to be measured. */
export interface ShapePlan extends Together {
  readonly workloads: readonly Workload[];
  /** Or `all` among which the adapter has the choice, and that fit. */
  readonly shapes: readonly FusedShape[] | 'all';
  /** Fewer and shorter samples. */
  readonly quick: boolean;
}

/**
 * Measures the shapes of the fused engine, one after the other on one device.
 * @param began called with the workload and the shape that is measured next
 * @throws GpuUnavailableError, EngineFaultError, EngineLostError
 */
export async function benchShapes(
  entry: GPU | undefined,
  { workloads, shapes, quick, trials, memory }: ShapePlan,
  began: (what: string) => void,
): Promise<ShapeReport> {
  const gpu = await requestGpu(entry, { secure: true });
  const { name, software } = gpu.adapter;
  const rules = samplingRules(software, quick);
  const rows: ShapeMeasurement[] = [];
  try {
    for (const workload of workloads) {
      for (const [shape, form] of formsAsked(gpu, workload, shapes)) {
        began(`${workload.id}, ${shapeName(shape)}`);
        const engine = new FusedEngine({ ...gpu, destroy: () => undefined }, shape);
        const measured = form && (await ifCompiled(benchEngine(engine, workload, { trials, memory }, rules)));
        rows.push({
          workload: workload.id,
          shape: shapeName(shape),
          packs: form?.layout.size,
          measured: measured && numbersOf(measured),
        });
      }
    }
  } finally {
    gpu.destroy();
  }
  return {
    format: 'normscape/bench-shapes',
    version: 1,
    date: new Date().toISOString(),
    adapter: { name, software },
    shapes: rows,
  };
}

function formsAsked(
  gpu: Gpu,
  workload: Workload,
  shapes: ShapePlan['shapes'],
): (readonly [FusedShape, FusedForm | undefined])[] {
  const plan = planOf(workloadTrials(workload, 1)[0]!);
  if (shapes === 'all') return formsOf(plan, gpu).map((form) => [form.shape, form]);
  return shapes.map((shape) => [shape, formOf(plan, gpu, shape)]);
}

async function ifCompiled<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ShaderCompileError) return undefined;
    throw error;
  }
}

function numbersOf({ workload: _workload, engine: _engine, ...numbers }: EngineMeasurement) {
  return numbers;
}
