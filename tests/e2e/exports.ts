import { buffer } from 'node:stream/consumers';
import type { Page } from 'playwright';

/** Saves a file by the page's menu. */
export async function exported(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('button', { name }).click();
  const download = await waiting;
  return { name: download.suggestedFilename(), bytes: await buffer(await download.createReadStream()) };
}

/** Drops a file on the page. */
export async function drop(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  await page.locator('normscape-app').evaluate(
    (app, file) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0))], file.name));
      app.dispatchEvent(new DragEvent('drop', { dataTransfer: data, cancelable: true }));
    },
    { name, base64: Buffer.from(bytes).toString('base64') },
  );
}
