// What came out of the printer, as files: passenger slips flat in `receipts/`, anything else in `reports/`.
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { readReceiptCode } from '../../domain/receipt/receipt-code.ts';
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';
import { openSlipFolder } from '../support/virtual-printer/slip-folder.ts';
import { qrSymbolsOf, qrTextOf } from '../support/virtual-printer/decoded-doc.ts';
import type { Slip } from '../support/virtual-printer/split-slips.ts';
import { renderText } from '../support/virtual-printer/render-text.ts';
import { crypto } from '../support/keys.ts';

export type Receipts = {
  readonly count: number;
  /** Sum of the signed amounts in the slips' codes, copies left out. */
  readonly netMinor: number;
};

export async function collectReceipts(slips: readonly Slip[], out: string): Promise<Receipts> {
  const receipts = await openSlipFolder(join(out, 'receipts'));
  const reports = await openSlipFolder(join(out, 'reports'));
  const jwk = await readDeviceKey(out);
  let count = 0;
  let netMinor = 0;
  for (const slip of slips) {
    const code = readSlipCode(slip);
    if (code === null) {
      await reports.save(slip);
      continue;
    }
    await receipts.save(slip);
    count += 1;
    const read = readReceiptCode(code, [{ dev: 'T-0001', jwk }], crypto);
    if (!read.ok) throw new Error(`a slip's code does not verify: ${read.error}`);
    if (!renderText(slip.doc).includes('COPY')) netMinor += read.value.totalMinor;
  }
  return { count, netMinor };
}

function readSlipCode(slip: Slip): string | null {
  const texts = qrSymbolsOf(slip.doc).map(qrTextOf);
  return texts.find((text) => text.startsWith('CR1:')) ?? null;
}

async function readDeviceKey(out: string): Promise<EcPublicJwk> {
  const text = await readFile(join(out, 'keys', 'device-T-0001.jwk.json'), 'utf8');
  return v.parse(publicJwkSchema, JSON.parse(text));
}
