import { afterEach, describe, expect, test, vi } from 'vitest';
import { testVulkanEnvironment } from '../../src/cli/software_gpu.mjs';

const PACKAGED = process.platform === 'linux' && process.arch === 'x64';

describe.runIf(PACKAGED)('the drivers of tests', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('are SwiftShader alone', async () => {
    vi.stubEnv('VK_DRIVER_FILES', undefined);
    vi.stubEnv('VK_ICD_FILENAMES', undefined);
    const { LD_LIBRARY_PATH, ...drivers } = await testVulkanEnvironment();
    expect(LD_LIBRARY_PATH).toContain('swiftshader');
    expect(drivers).toEqual({ VK_ICD_FILENAMES: expect.stringContaining('vk_swiftshader_icd.json') });
  });

  test.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES'])('are those that %s names', async (name) => {
    vi.stubEnv('VK_ICD_FILENAMES', undefined);
    vi.stubEnv(name, '/usr/share/vulkan/icd.d/lvp_icd.json');
    expect(Object.keys(await testVulkanEnvironment())).toEqual(['LD_LIBRARY_PATH']);
  });
});
