import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run with the one line that continuous integration reads: `N passed, N failed`. Where the run is one of several, it
 * leaves its counts in the file that NORMSCAPE_COUNTS names, for tests/run.mjs to add up.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    // A file that fails to load, or an error outside any test, has no failed test of its own.
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    const counts = process.env['NORMSCAPE_COUNTS'];
    if (counts) appendFileSync(counts, `${JSON.stringify({ passed, failed, skipped })}\n`);
    else console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  }
}
