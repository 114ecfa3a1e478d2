/** The most trials an arm of which a selection's curves are drawn. */
export const MOST_DRAWN = 48;
/** Steps that are recorded for a selection at the most, of all its trials together. */
const MOST_STEPS = 2_000_000;

/** How many trials an arm of a selection are drawn, each of so many steps. */
export function mostDrawn(steps: number, arms: number): number {
  return Math.max(1, Math.min(MOST_DRAWN, Math.floor(MOST_STEPS / (steps * arms))));
}

/** At most so many of some things, evenly spread over them, in their order. */
export function evenly<Thing>(things: readonly Thing[], most: number): readonly Thing[] {
  if (things.length <= most) return things;
  return Array.from({ length: most }, (_, i) => things[Math.floor(((i + 0.5) * things.length) / most)]!);
}
