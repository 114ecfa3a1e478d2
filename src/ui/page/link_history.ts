/** Changes of one setting within so many milliseconds of each other are one step of the history. */
const ONE_STEP = 1000;

/** Characters of an address that every browser takes: with a longer one, as own data make it, the address stays as it was. */
const LONGEST = 2_000_000;

/** The page's link in the address bar: every change is a step of Back and Forward. */
export class LinkHistory {
  /** What was changed last, and when. */
  private latest = { what: '', at: -Infinity };
  private check: ReturnType<typeof setTimeout> | undefined;

  /** @param link of what the page shows, which the address bar does not always say: it may be empty, or wrong */
  constructor(
    private link: string,
    private readonly history: Pick<History, 'pushState' | 'replaceState'> = globalThis.history,
    private readonly address: () => string = () => location.hash,
  ) {}

  /** @param what was changed, such as the path of a setting */
  write(link: string, what: string): void {
    const at = Date.now();
    const sameStep = what === this.latest.what && at - this.latest.at < ONE_STEP;
    this.latest = { what, at };
    if (link === this.link) return;
    this.link = link;
    this.put(sameStep ? 'replaceState' : 'pushState');
  }

  /** Back or forward has led to another link. */
  follow(link: string): void {
    clearTimeout(this.check);
    this.latest = { what: '', at: -Infinity };
    this.link = link;
  }

  /** Browsers refuse or ignore changes of the address that come too fast, as a held key makes them; the last one is then written later. */
  private put(how: 'pushState' | 'replaceState'): void {
    clearTimeout(this.check);
    if (this.link.length > LONGEST) return;
    this.check = setTimeout(() => this.address() !== this.link && this.put('replaceState'), ONE_STEP);
    try {
      this.history[how](null, '', this.link);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
