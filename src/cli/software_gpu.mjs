// Programs for machines that have nothing but Node and npm: SwiftShader (a Vulkan driver in software) and a headless
// Chromium, both from the npm package @sparticuz/chromium, unpacked once into node_modules/.cache.
// Plain JavaScript, because the launcher runs it before anything has been compiled.
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';
import { extract } from 'tar-fs';

const modules = resolve(dirname(fileURLToPath(import.meta.url)), '../../node_modules');
const archives = join(modules, '@sparticuz/chromium/bin');
const cache = join(modules, '.cache/normscape');

/**
 * Unpacks one archive of the package; a second call, or a second process, finds it there.
 * @param {string} archive file name
 * @param {string} name of the folder (of a tar) or file that it becomes
 */
async function unpack(archive, name) {
  const target = join(cache, name);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const partial = `${target}.${process.pid}`;
  const sink = archive.includes('.tar.') ? extract(partial) : createWriteStream(partial, { mode: 0o755 });
  await pipeline(createReadStream(join(archives, archive)), createBrotliDecompress(), sink);
  try {
    renameSync(partial, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    rmSync(partial, { recursive: true }); // another process was quicker
  }
  return target;
}

/**
 * The environment in which Dawn finds a Vulkan loader and, beside the machine's own drivers, SwiftShader.
 * @returns {Promise<Record<string, string>>}
 */
export async function vulkanEnvironment() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return {};
  const folder = await unpack('swiftshader.tar.br', 'swiftshader');
  return {
    LD_LIBRARY_PATH: [process.env['LD_LIBRARY_PATH'], folder].filter(Boolean).join(':'),
    VK_ADD_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
  };
}

/**
 * The environment in which Dawn finds SwiftShader alone, so that tests depend on no machine's drivers; or the drivers that
 * the tests were started with. Named by the older of two variables, over which a browser still has a driver of its own.
 * @returns {Promise<Record<string, string>>}
 */
export async function testVulkanEnvironment() {
  const { VK_ADD_DRIVER_FILES: software, ...loader } = await vulkanEnvironment();
  const chosen = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'];
  return software && chosen === undefined ? { ...loader, VK_ICD_FILENAMES: software } : loader;
}

/**
 * The npm-only Chromium (Linux x64), and the environment with the libraries and fonts that a bare machine lacks.
 * @returns {Promise<{ executablePath: string, env: Record<string, string> }>}
 */
export async function packagedChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('No browser found: set CHROMIUM_PATH, or install Chrome or Chromium.');
  await unpack('swiftshader.tar.br', 'swiftshader'); // Chromium looks for its graphics libraries beside itself
  const executablePath = await unpack('chromium.br', 'swiftshader/chromium');
  const libraries = join(await unpack('al2023.tar.br', 'al2023'), 'lib');
  const fonts = await unpack('fonts.tar.br', 'fonts');
  // The package's own file names folders of the service that it was made for; without a font, form controls end the browser.
  const fontSettings = join(fonts, 'normscape.conf');
  writeFileSync(
    fontSettings,
    `<fontconfig><dir>${fonts}</dir><cachedir>${fonts}/cache</cachedir></fontconfig>`,
  );
  return {
    executablePath,
    env: {
      LD_LIBRARY_PATH: [libraries, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':'),
      FONTCONFIG_FILE: fontSettings,
      // In the C locale Chromium's language is `en-US@posix`, which Intl refuses.
      LC_ALL: 'en_US.UTF-8',
    },
  };
}
