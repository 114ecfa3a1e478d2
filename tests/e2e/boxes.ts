import type { Locator, Page } from 'playwright';

/** Where an element stands, and what it is. */
export interface Box {
  x: number;
  y: number;
  right: number;
  bottom: number;
  what: string;
}

/** Of those that are drawn. */
export const boxes = (all: Locator): Promise<Box[]> =>
  all.evaluateAll((elements) =>
    elements.flatMap((element) => {
      const { x, y, right, bottom, width } = element.getBoundingClientRect();
      const what = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? '';
      return width > 0 ? [{ x, y, right, bottom, what }] : [];
    }),
  );

export const overlap = (a: Box, b: Box) =>
  Math.min(a.right, b.right) - Math.max(a.x, b.x) > 0.5 &&
  Math.min(a.bottom, b.bottom) - Math.max(a.y, b.y) > 0.5;

/** Those that lie over one another. */
export function collisions(all: readonly Box[]): string[] {
  return all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`“${a.what}” and “${b.what}”`] : [])),
  );
}

/** Pixels by which the page can be scrolled sideways. */
export const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
