import { existsSync } from 'node:fs';
import { chromium, type LaunchOptions } from 'playwright';
import { packagedChromium } from '../src/cli/software_gpu.mjs';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** WebGPU on SwiftShader, compute and canvas alike, so that every machine runs the same driver. */
const SOFTWARE_WEBGPU = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
  '--use-webgpu-adapter=swiftshader',
  // Compositing on a GPU in software takes longer than without.
  '--disable-gpu-compositing',
];

/**
 * How tests and the screenshot command start a browser: the one that CHROMIUM_PATH names, else Playwright's own,
 * else an installed Chrome or Chromium, else the one from the npm registry.
 */
export async function browserLaunchOptions(): Promise<LaunchOptions> {
  const root = process.getuid?.() === 0;
  const args = [...SOFTWARE_WEBGPU, ...(root || process.env['CI'] ? ['--no-sandbox'] : [])];
  const installed = [process.env['CHROMIUM_PATH'], chromium.executablePath(), ...INSTALLED].find(
    (path) => path && existsSync(path),
  );
  if (installed) return { executablePath: installed, args };
  const { executablePath, env } = await packagedChromium();
  return { executablePath, args, env: { ...definedEnvironment(), ...env } };
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
