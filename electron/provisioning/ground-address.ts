// Where ground is: `ground.json` and the authority it is known by, `ground-ca.pem`, beside the terminal's other files.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { GroundAddress } from '../uplink/ground-client.ts';

const groundSchema = v.object({ address: v.pipe(v.string(), v.url(), v.maxLength(200)) });

/** Null without an address, and for one that cannot be trusted: not HTTPS, or no authority to hold it against. */
export function readGroundAddress(dir: string): GroundAddress | null {
  try {
    const read: unknown = JSON.parse(readFileSync(join(dir, 'ground.json'), 'utf8'));
    const ca = readFileSync(join(dir, 'ground-ca.pem'), 'utf8');
    const parsed = v.safeParse(groundSchema, read);
    if (!parsed.success || !new X509Certificate(ca).ca) return null;
    const url = new URL(parsed.output.address);
    const isBare = url.pathname === '/' && url.search === '' && url.username === '' && url.password === '';
    return url.protocol === 'https:' && isBare ? { address: url.origin, ca } : null;
  } catch {
    return null;
  }
}
