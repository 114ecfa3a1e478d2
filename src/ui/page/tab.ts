import type { TemplateResult } from 'lit';
import type { Experiment } from '../../experiment/types';
import type { LinkSettings } from './link_settings';
import type { PageState } from './page_state';

/** Where an experiment may come from that takes the place of the page's. */
export type Source = 'file' | 'preset';

/** A tab: what it is called, its part of the page's state and links, and what it shows. */
export interface TabDescriptor<Own> {
  readonly name: string;
  /** Of its own part of the page's state. */
  readonly settings: LinkSettings<Own>;
  /** @throws ExperimentError for an experiment that cannot be shown so */
  check?(own: Own, experiment: Experiment): void;
  /** Its part for another experiment that is opened. */
  opened?(own: Own, from: Source): Own;
  /** Its part after an edit of the experiment. */
  edited?(own: Own, before: Experiment, after: Experiment): Own;
  /** Begins what the tab does as long as the page is there, whichever tab is shown. */
  open(page: PageState): OpenTab;
}

export interface OpenTab {
  /** Its element. */
  render(theme: ShownTheme): TemplateResult;
}

/** Of the colours that are seen. */
export type ShownTheme = 'light' | 'dark';
