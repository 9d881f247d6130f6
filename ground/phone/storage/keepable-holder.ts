import { newHolderKey, type HolderKey, type WebCrypto } from '../web-crypto/web-crypto.ts';

const TRIAL_NAME = 'cabintill-phone-trial';

/** A new key, or null where this browser makes none or cannot keep one: some private windows refuse to store keys. */
export async function keepableHolder(crypto: WebCrypto, factory: IDBFactory): Promise<HolderKey | null> {
  // Without a secure context there is no `subtle`, whatever the types say.
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (subtle === undefined) return null;
  try {
    const holder = await newHolderKey(crypto);
    await tryToKeep(holder, factory);
    return holder;
  } catch (error) {
    console.warn('this browser keeps no key; the code will be a picture', error);
    return null;
  }
}

/** Stores the key in a database of its own and drops that again. */
function tryToKeep(holder: HolderKey, factory: IDBFactory): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.open(TRIAL_NAME, 1);
    const give = (): void => {
      reject(request.error ?? new Error('keys cannot be stored'));
    };
    request.addEventListener('error', give);
    request.addEventListener('upgradeneeded', () => {
      try {
        request.result.createObjectStore('keys').put(holder, 1);
      } catch (error) {
        reject(error instanceof Error ? error : new Error('keys cannot be stored'));
      }
    });
    request.addEventListener('success', () => {
      request.result.close();
      factory.deleteDatabase(TRIAL_NAME);
      resolve();
    });
  });
}
