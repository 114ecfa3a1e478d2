import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, type Browser } from 'puppeteer-core';

const FIREFOX = '/usr/bin/firefox-esr';
/** Vulkan in software: LLVM's code, where Chromium has SwiftShader's. */
const LAVAPIPE = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';

const DEBIAN_PACKAGES = { [FIREFOX]: 'firefox-esr', [LAVAPIPE]: 'mesa-vulkan-drivers' };
// As the file is loaded, so that a machine without them fails instead of skipping the tests.
for (const [path, name] of Object.entries(DEBIAN_PACKAGES))
  if (!existsSync(path)) throw new Error(`There is no ${path}: install Debian’s package ${name}.`);

/** Firefox on Linux offers WebGPU only where it is told to, and no driver in software unless told to ignore its blocklist. */
const PREFERENCES = {
  'dom.webgpu.enabled': true,
  'dom.webgpu.workers.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
};

export interface Firefox {
  browser: Browser;
  close(): Promise<void>;
}

/** Starts Debian's Firefox, on lavapipe and no other driver; it leaves nothing behind. */
export async function startFirefox(): Promise<Firefox> {
  const home = await mkdtemp(join(tmpdir(), 'normscape-firefox-'));
  const browser = await launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    extraPrefsFirefox: PREFERENCES,
    // Firefox inherits no more, because building the page sets another driver and another Vulkan loader for the tests.
    env: { PATH: process.env['PATH'], HOME: home, XDG_RUNTIME_DIR: home, VK_DRIVER_FILES: LAVAPIPE },
    timeout: 100_000,
    protocolTimeout: 0, // every test has a limit of its own
  });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
