import { resolve } from 'node:path';
import { build } from 'vite';

/** The pages under test are the ones in the working tree. */
export async function buildPhonePages(): Promise<void> {
  const configFile = resolve(import.meta.dirname, '../../ground/phone/vite.config.ts');
  await build({ configFile, logLevel: 'error' });
}
