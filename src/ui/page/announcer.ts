/** Milliseconds to wait for newer words before any are read out. */
const AFTER = 250;

/** The words that a screen reader reads out; `change` follows every change. */
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
