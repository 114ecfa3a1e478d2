import type { nothing, TemplateResult } from 'lit';
import type { Experiment } from '../../experiment/types';
import type { LinkSettings } from './link_settings';
import type { PageState } from './page_state';

/** Where an experiment that replaces the page's comes from. */
export type Source = 'file' | 'preset';

/** Keys or gestures, and what they do. */
export type HelpEntry = readonly [keys: string, words: string];

/**
 * A tab: what it is called, its part of the page's state and links, and what it shows; and, where the tour looks at it, what it has
 * found.
 */
export interface TabDescriptor<Own, Found = unknown> {
  readonly name: string;
  /** What can be done there, for the help. */
  readonly help: readonly HelpEntry[];
  /** The codec of its own part of the page's state. */
  readonly settings: LinkSettings<Own>;
  /** @throws ExperimentError for an experiment that cannot be shown so */
  check?(own: Own, experiment: Experiment): void;
  /** Its part once another experiment is opened. */
  opened?(own: Own, from: Source): Own;
  /** Its part after an edit of the experiment. */
  edited?(own: Own, before: Experiment, after: Experiment): Own;
  /** Starts what the tab does as long as the page is open, whichever tab is shown. */
  open(page: PageState): OpenTab<Found>;
}

export interface OpenTab<Found = unknown> {
  /**
   * Its element, given the page's state as it is now.
   * @param tour what it is to place within itself, if it `holdsTour`
   */
  render(theme: ShownTheme, tour: TemplateResult | typeof nothing): TemplateResult;
  /** It has a place of its own for the tour; else that stands beside it. */
  readonly holdsTour?: boolean;
  readonly findings?: Findings<Found>;
}

/** What a tab has found so far, from which the tour's check marks are computed. */
export interface Findings<Found> {
  /** Whose `change` follows every change of it. */
  readonly sources: readonly EventTarget[];
  /** Nothing before anything is known. */
  now(): Found | undefined;
}

/** The theme in force, once the machine's own is known. */
export type ShownTheme = 'light' | 'dark';
