import { Part } from '../scheduler/part';
import { CallError, quoted } from './command';

export const PART_ALLOWED = {
  part: 'I/N (the I-th of N parts, 0 ≤ I < N), or auto (by the variables of an array job)',
  parts: 'N, for --part auto where the array job does not say it',
} as const;

/** Variables of an array job's task. */
interface Scheduler {
  readonly name: string;
  /** Its number; without it the process is no task of such a job. */
  readonly task: string;
  /** The first and the last number and the step between two, where they need not be 0, N − 1 and 1. */
  readonly first?: string;
  readonly last?: string;
  readonly step?: string;
  /** How many tasks there are. */
  readonly count?: string;
}

/** As their documentation names them; a scheduler that tells its jobs' size comes before one that may run below it. */
const SCHEDULERS: readonly Scheduler[] = [
  {
    name: 'Slurm',
    task: 'SLURM_ARRAY_TASK_ID',
    first: 'SLURM_ARRAY_TASK_MIN',
    last: 'SLURM_ARRAY_TASK_MAX',
    step: 'SLURM_ARRAY_TASK_STEP',
    count: 'SLURM_ARRAY_TASK_COUNT',
  },
  { name: 'AWS Batch', task: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
  {
    name: 'Grid Engine',
    task: 'SGE_TASK_ID',
    first: 'SGE_TASK_FIRST',
    last: 'SGE_TASK_LAST',
    step: 'SGE_TASK_STEPSIZE',
  },
  { name: 'PBS', task: 'PBS_ARRAY_INDEX' },
  { name: 'Kubernetes', task: 'JOB_COMPLETION_INDEX' },
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The part that a call asks for; nothing where it asks for all.
 * @throws CallError
 */
export function partChoice(
  { part, parts }: { readonly part?: string | undefined; readonly parts?: string | undefined },
  environment: Environment,
): Part | undefined {
  if (parts !== undefined && part !== 'auto')
    throw new CallError('--parts', quoted(parts), 'only beside --part auto');
  if (part === undefined) return undefined;
  if (part === 'auto') return taskPart(parts, environment);
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(part) ?? [];
  if (index === undefined || of === undefined || !isPart(Number(index), Number(of)))
    throw new CallError('--part', quoted(part), PART_ALLOWED.part);
  return new Part(Number(index), Number(of));
}

function isPart(index: number, of: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(of) && index >= 0 && index < of;
}

/** The part of this process in an array job. */
function taskPart(parts: string | undefined, environment: Environment): Part {
  // Grid Engine says `undefined` to jobs that are no arrays.
  const scheduler = SCHEDULERS.find(({ task }) => /^\d+$/.test(environment[task] ?? ''));
  if (!scheduler) {
    const known = SCHEDULERS.map(({ name, task }) => `${task} (${name})`).join(', ');
    throw new CallError('--part', '"auto" outside an array job', `I/N here, or a task with ${known}`);
  }
  const { name, task, first, last, step, count } = scheduler;
  const numberOf = (variable: string | undefined) => {
    const text = variable === undefined ? undefined : environment[variable];
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const stride = numberOf(step) ?? 1;
  const from = numberOf(first) ?? 0;
  const end = numberOf(last);
  const size = end === undefined ? undefined : (end - from) / stride + 1;
  const index = (numberOf(task)! - from) / stride;
  const found = [task, first, last, step, count].flatMap((variable) =>
    variable !== undefined && environment[variable] !== undefined
      ? [`${variable}=${environment[variable]}`]
      : [],
  );
  const of = numberOf(count) ?? size ?? partsOf(parts, name);
  const isWhole = size === undefined || size === of;
  if (!isWhole || !isPart(index, of))
    throw new CallError('--part', found.join(' '), `a task of a whole array of ${name}, without gaps`);
  if (parts !== undefined && parts !== String(of))
    throw new CallError(
      '--parts',
      quoted(parts),
      `${of}, the tasks of this array of ${name}, or leave it out`,
    );
  return new Part(index, of);
}

function partsOf(parts: string | undefined, scheduler: string): number {
  if (parts !== undefined && /^[1-9]\d{0,14}$/.test(parts)) return Number(parts);
  const allowed = `the number of parts: ${scheduler} does not tell its tasks how many there are`;
  throw new CallError('--parts', parts === undefined ? 'nothing' : quoted(parts), allowed);
}

/** @throws CallError where there are more parts than trials */
export function checkPart(part: Part | undefined, trials: number): void {
  if (part && part.of > trials)
    throw new CallError('--part', quoted(part.name), `I/N with N at most ${trials}, the number of trials`);
}
