import type { Browser } from '../../../src/ui/page/page_state';

/** A window of which only the address and its history matter. */
export class FakeBrowser extends EventTarget {
  /** Of the history, of which the last is shown. */
  readonly links: string[];
  readonly location: { hash: string };
  readonly history = {
    scrollRestoration: 'auto',
    pushState: (_: unknown, __: string, link: string) => {
      this.location.hash = link;
      this.links.push(link);
    },
    replaceState: (_: unknown, __: string, link: string) => {
      this.location.hash = link;
      this.links[this.links.length - 1] = link;
    },
  };

  constructor(hash = '') {
    super();
    this.links = [hash];
    this.location = { hash };
  }

  get asWindow(): Browser {
    return this as unknown as Browser;
  }

  follow(hash: string): void {
    this.location.hash = hash;
    this.dispatchEvent(new Event('hashchange'));
  }
}
