import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EdgeLine, Edges } from '../../../src/scheduler/edge_finder';
import { batchOf } from '../../../src/scheduler/results';
import type { Trace } from '../../../src/scheduler/trace';
import { Findings } from '../../../src/ui/map/findings';
import { newRun, withOutcomes, type Run } from '../../../src/ui/map/run';
import type { Phase } from '../../../src/ui/map/sweep_state';
import { trialResult } from '../../trial_results';
import { FakeClient, smallExperiment } from './fake_client';

const TRACE: Trace = {
  loss: Float64Array.of(1),
  gradientNorm: Float64Array.of(1),
  weightNorm: Float64Array.of(1),
  layers: [],
};
const line = (across: number): EdgeLine => ({ along: 'x', across });

let client: FakeClient;
let sweep: { run: Run | undefined; phase: Phase; client: FakeClient };
let crosshair: { line: EdgeLine | undefined; trials: number[]; isHovering: boolean };
let findings: Findings;

beforeEach(() => {
  vi.useFakeTimers();
  client = new FakeClient();
  sweep = { run: newRun(smallExperiment()), phase: 'training', client };
  crosshair = { line: undefined, trials: [3, 15], isHovering: false };
  findings = new Findings(sweep, crosshair);
});
afterEach(() => void vi.useRealTimers());

function wait(milliseconds: number): string[] {
  vi.advanceTimersByTime(milliseconds);
  return client.news;
}

test('traces are asked for when the trials are done, or at once where someone looks', () => {
  findings.lookSoon();
  expect(wait(1000)).toEqual([]);
  sweep.run = withOutcomes(sweep.run!, batchOf([3, 15].map((trial) => trialResult({ trial }))));
  findings.lookSoon();
  expect(wait(1000)).toEqual(['trace 3,15']);
  crosshair.trials = [4, 16];
  findings.follow();
  expect(wait(1000)).toEqual(['trace 4,16']);
});

test('what was asked for or is known is not asked for again, but is of another run', () => {
  findings.follow();
  findings.follow();
  expect(wait(1000)).toEqual(['trace 3,15']);
  findings.follow();
  expect(wait(1000)).toEqual([]);
  findings.keepTrace(3, TRACE);
  expect(findings.traces.get(3)).toBe(TRACE);
  findings.follow();
  expect(wait(1000)).toEqual([]); // 15 is under way
  findings.begin();
  expect(findings.traces.size).toBe(0);
  findings.follow();
  expect(wait(1000)).toEqual(['trace 3,15']);
});

test('of very many traces the latest are kept', () => {
  for (let trial = 0; trial < 200; trial += 1) findings.keepTrace(trial, TRACE);
  expect([...findings.traces.keys()]).toEqual(Array.from({ length: 65 }, (_, i) => 135 + i));
});

test('edges are looked for where the crosshair rests, over one seed, and over more when all is done', () => {
  crosshair.line = line(1);
  findings.lookSoon();
  wait(300);
  crosshair.line = line(2);
  findings.lookSoon();
  expect(wait(300)).toEqual([]);
  findings.lookSoon(); // outcomes come in meanwhile
  expect(wait(100)).toEqual(['edges over 1']);
  sweep.phase = 'done';
  findings.lookSoon();
  expect(wait(400)).toEqual(['edges over 8']);
  crosshair = Object.assign(crosshair, { line: line(3), isHovering: true });
  findings.lookSoon();
  expect(wait(400)).toEqual(['edges over 1']);
});

test('what is found of a line is its own, and sharp edges over enough seeds are not looked for again', () => {
  const edges: Edges = [Array.from({ length: 8 }, () => ({})), []] as unknown as Edges;
  sweep.phase = 'done';
  crosshair.line = line(1);
  findings.keepEdges(line(1), { edges, sharp: true });
  expect(findings.found?.edges).toBe(edges);
  findings.lookSoon();
  expect(wait(400)).toEqual([]);
  crosshair.line = line(2);
  expect(findings.found).toBeUndefined();
  findings.lookSoon();
  expect(wait(400)).toEqual(['edges over 8']);
});

test.each<Phase>(['paused', 'stopped', 'failed', 'measuring'])('nothing is looked for while %s', (phase) => {
  sweep.phase = phase;
  crosshair.line = line(1);
  findings.lookSoon();
  expect(wait(1000)).toEqual([]);
});
