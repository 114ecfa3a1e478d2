/** Milliseconds without other words after which some are read out. */
const AFTER = 250;

/** What is read out to those who hear the page; `change` follows every change. */
export class Announcer extends EventTarget {
  text = '';
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** @param words asked for when they are read out, unless others come before */
  say(words: () => string): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.text = words();
      this.dispatchEvent(new Event('change'));
    }, AFTER);
  }
}
