import type { TemplateResult } from 'lit';
import type { Tab, TabFound } from '../page/tabs';
import { open, type Claim, type Verdict } from './verdict';

/** A source, as the page links it. */
export interface Source {
  readonly name: string;
  readonly address: string;
}

/** What a stop of the tour says, shows and claims. */
interface StopOf<Id extends Tab> {
  readonly title: string;
  readonly tab: Id;
  /** To what it shows: the fragment of a link to its tab. */
  readonly link: `#${Id}${'' | `?${string}`}`;
  readonly text: TemplateResult;
  /** MathML. */
  readonly formula: TemplateResult;
  /** What to do, and what is then seen. */
  readonly act: string;
  readonly see: string;
  readonly claims: readonly Claim<TabFound[Id]>[];
  readonly sources: readonly Source[];
}

/** What each tab has found so far. */
export type FoundBy = <Id extends Tab>(tab: Id) => TabFound[Id] | undefined;

export interface CheckedClaim extends Verdict {
  readonly claim: string;
}

/** One of the tour's stops. */
export interface Stop extends Omit<StopOf<Tab>, 'claims'> {
  /** Its claims with what was measured of each. */
  checked(found: FoundBy): readonly CheckedClaim[];
}

export function stop<Id extends Tab>({ claims, ...rest }: StopOf<Id>): Stop {
  return {
    ...rest,
    checked: (foundBy) =>
      claims.map(({ claim, check }) => {
        const found = foundBy(rest.tab);
        return { claim, ...(found === undefined ? open('nothing is measured yet') : check(found)) };
      }),
  };
}
