import { describe, expect, test } from 'vitest';
import { EdgeSearch, edgeOf, isSharp, SHARP } from '../../src/scheduler/edge_search';
import { mulberry32 } from '../mulberry32';

/** Runs a search to its end, of series whose rates train by a rule; tells how many trials each round had. */
function searched(trains: readonly ((rate: number) => boolean)[], range = { from: 1e-4, to: 10 }) {
  const search = new EdgeSearch(range);
  const rounds: number[] = [];
  for (;;) {
    const wanted = search.next(trains.length);
    if (wanted.length === 0) return { search, rounds };
    rounds.push(wanted.length);
    for (const one of wanted) {
      expect(one.rate).toBeGreaterThanOrEqual(range.from);
      expect(one.rate).toBeLessThanOrEqual(range.to);
      search.take(one, trains[one.series]!(one.rate));
    }
  }
}

test('an edge is found to two percent, in a few dozen trials', () => {
  const random = mulberry32(1);
  const edges = Array.from({ length: 200 }, () => 10 ** (-3.9 + 4.8 * random()));
  const { search, rounds } = searched(edges.map((edge) => (rate) => rate <= edge));
  for (const [series, edge] of edges.entries()) {
    const found = search.edge(series)!;
    expect(found.any).toEqual(found.all);
    expect(found.all.low).toBeLessThanOrEqual(edge);
    expect(found.all.high).toBeGreaterThan(edge);
    expect(found.all.high / found.all.low).toBeLessThanOrEqual(SHARP);
  }
  expect(rounds.length).toBeLessThanOrEqual(4);
  expect(rounds.reduce((sum, trials) => sum + trials) / edges.length).toBeLessThan(40);
});

test('rates that are too low to train in time do not count as the edge', () => {
  const { search } = searched([(rate) => rate > 0.01 && rate < 0.5]);
  const { all, any } = search.edge(0)!;
  expect(all).toEqual(any);
  expect([all.low < 0.5, all.high >= 0.5]).toEqual([true, true]);
});

test('where training fails and comes back, both ends are found', () => {
  const { search } = searched([(rate) => rate < 0.02 || (rate > 0.2 && rate < 3)]);
  const { all, any } = search.edge(0)!;
  expect([all.low < 0.02, all.high >= 0.02, isSharp(all)]).toEqual([true, true, true]);
  expect([any.low < 3, any.high >= 3, isSharp(any)]).toEqual([true, true, true]);
});

test('no rate trains, and all do', () => {
  const { search, rounds } = searched([() => false, () => true]);
  expect(search.edge(0)).toBeUndefined();
  expect(search.edge(1)).toEqual({ all: { low: 10, high: Infinity }, any: { low: 10, high: Infinity } });
  expect(rounds).toHaveLength(1);
});

test('series are searched one after the other where fewer are asked for, and nothing is tried twice', () => {
  const search = new EdgeSearch({ from: 1, to: 100 });
  const tried: string[] = [];
  for (const series of [1, 3])
    for (let wanted = search.next(series); wanted.length > 0; wanted = search.next(series))
      for (const one of wanted) {
        tried.push(`${one.series} ${one.rate}`);
        search.take(one, one.rate < 7 * (1 + one.series));
      }
  expect(search.begun).toBe(3);
  expect(new Set(tried).size).toBe(tried.length);
  expect(tried.findIndex((one) => !one.startsWith('0'))).toBeGreaterThan(20);
});

test('a range of one rate is one trial', () => {
  expect(searched([(rate) => rate > 2], { from: 3, to: 3 }).search.edge(0)!.all).toEqual({
    low: 3,
    high: Infinity,
  });
});

describe('the edge of some rates', () => {
  const of = (flags: string) => edgeOf([...flags].map((flag, rate) => ({ rate, trains: flag === 'c' })));
  test.each([
    ['dccd', 2, 3, 2, 3],
    ['ccdcd', 1, 2, 3, 4],
    ['dcdcc', 1, 2, 4, Infinity],
    ['c', 0, Infinity, 0, Infinity],
  ])('%s', (flags, allLow, allHigh, anyLow, anyHigh) => {
    expect(of(flags)).toEqual({ all: { low: allLow, high: allHigh }, any: { low: anyLow, high: anyHigh } });
  });
  test('of none that trains', () => {
    expect([of(''), of('ddd')]).toEqual([undefined, undefined]);
  });
});
