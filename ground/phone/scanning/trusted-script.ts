// The page demands Trusted Types: the scripts it starts by itself are its two workers, and nothing but their addresses
// gets through.
import codeWorkerUrl from './code-worker.ts?worker&url';

export const SERVICE_WORKER_URL = `${import.meta.env.BASE_URL}service-worker.js`;
export const CODE_WORKER_URL = codeWorkerUrl;

const ALLOWED: readonly string[] = [CODE_WORKER_URL, SERVICE_WORKER_URL];

type ScriptPolicy = { readonly createScriptURL: (url: string) => string };
type PolicyFactory = { readonly createPolicy: (name: string, rules: ScriptPolicy) => ScriptPolicy };

let policy: ScriptPolicy | null = null;

export function trustedScript(url: string): string {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  // A policy's name can be taken once per page.
  policy ??=
    factory?.createPolicy('phone-workers', {
      createScriptURL: (wanted) => {
        if (!ALLOWED.includes(wanted)) throw new Error('only the two workers may be started');
        return wanted;
      },
    }) ?? null;
  return policy?.createScriptURL(url) ?? url;
}
