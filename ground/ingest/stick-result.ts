// A batch's result as a file that travels by stick: the newest word of ground, for the one terminal it concerns.
import { readTakenResult } from '../../domain/settlement/result-file.ts';
import { resultFileName, sealResult } from '../../domain/settlement/sealed-result.ts';
import type { Ground } from '../ground.ts';
import { composeResult } from './results.ts';

export type StickResult = {
  readonly fileName: string;
  /** A compact JWE. */
  readonly text: string;
};

/** Null when no batch of this name was ever judged, or its terminal is not known here. */
export async function sealResultForStick(
  ground: Ground,
  airline: string,
  batchId: string,
): Promise<StickResult | null> {
  const jws = await composeResult(ground, airline, batchId);
  const file = jws === null ? null : readTakenResult(jws);
  if (jws === null || file === null) return null;
  // As it was certified, whatever has become of it since: it is the only one that can read what it asked.
  const device = await ground.db
    .selectFrom('device')
    .select('jwk')
    .where('airline', '=', airline)
    .where('dev', '=', file.dev)
    .where('ep', '=', file.ep)
    .executeTakeFirst();
  if (device === undefined) return null;
  const fileName = resultFileName(file.dev, file.ep, batchId);
  return { fileName, text: await sealResult(jws, device.jwk, ground.crypto) };
}
