import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tried } from '../every';
import { faultyGpu, type Fault } from '../faulty_gpu';
import { settledMaps, type BuiltPage } from './built_page';
import { sharedPage } from './shared_page';

/** A real experiment that a software adapter trains in seconds. */
const SMALL = '#map?preset=chain&optimizer.steps=30&view.grid=8';
const PATIENCE = 280_000;

let built: BuiltPage;
let undisturbed: string[];
let quiet: boolean;
beforeAll(async () => {
  built = await sharedPage();
  const page = await built.openWithWorker(SMALL, '');
  undisturbed = await maps(page);
  quiet = (await page.locator('[data-fault]').count()) === 0;
  await page.context().close();
}, PATIENCE);
afterAll(() => built.close());

/** The pictures of the maps when all is done, each with all its colours. */
async function maps(page: Page): Promise<string[]> {
  await page.locator('[data-phase=done]').waitFor({ timeout: PATIENCE });
  return settledMaps(page);
}

const faultOf = (fault: Fault) =>
  `(() => {
    const faulty = (${faultyGpu.toString()})(navigator.gpu);
    faulty.arm(${JSON.stringify(fault)});
    Object.defineProperty(navigator, 'gpu', { value: faulty.gpu });
  })()`;

/** That the results are right after every kind of fault is tested where engines are: here, what the page makes of it. */
const FAULTS = tried<[Fault, RegExp]>(
  [[{ kind: 'device lost', at: 14 }, /GPU device lost \(destroyed\).*\. Trained again on a new device\.$/]],
  [
    [
      { kind: 'submit dropped', at: 14 },
      /(made|worked for a trial, of) \d+ (steps on the way|up) to step \d+\. Trained again\.$/,
    ],
    [{ kind: 'dispatch skipped', at: 14 }, /\. Trained again\.$/],
    [{ kind: 'upload lost', at: 40 }, /\. Trained again\.$/],
    [{ kind: 'readback of zeros', at: 14 }, /\. Trained again\.$/],
  ],
);

test.each(FAULTS)(
  'the page gets over a fault ($kind), says so in one line, and shows the same maps',
  async (fault, words) => {
    const page = await built.openWithWorker(SMALL, faultOf(fault));
    expect(await maps(page)).toEqual(undisturbed);
    expect(quiet, 'nothing is said without a fault').toBe(true);
    const said = page.locator('[data-fault]');
    expect(await said.innerText()).toMatch(words);
    expect(await said.innerText()).not.toContain('\n');
    await page.context().close();
  },
  PATIENCE,
);
