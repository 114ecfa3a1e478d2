import { expect, test } from 'vitest';
import { weighed } from '../../../src/ui/tour/verdict';

test.each([
  ['near theory', -7.9, 0.5, 'holds'],
  ['near the number that there would be otherwise', -0.2, 0.5, 'fails'],
  ['near theory, by a measurement that could not tell', -7.9, 2.6, 'open'],
  ['near the other number, by such a one', -0.2, 2.6, 'open'],
])('a number %s', (_where, measured, error, state) => {
  const verdict = weighed({ measured, error, theory: -8, rival: 0 }, 'a slope');
  expect(verdict.state).toBe(state);
  expect(verdict.words).toMatch(state === 'open' ? /^a slope; too coarse to tell/ : /^a slope$/);
});
