// What an airline calls a regular of its own may well be a name: it is sealed, and goes when the membership ends.
import { decodeUtf8, encodeUtf8 } from '../../domain/encoding/utf8.ts';
import type { MemberTable } from '../database/tables.ts';
import type { Seal } from '../secrets/seal.ts';

const LABEL_SEAL = 'member-label';

export type LabelAtRest = Pick<MemberTable, 'label' | 'label_sealed'>;

export function restLabel(seal: Seal, label: string): LabelAtRest {
  return { label: null, label_sealed: seal.seal(LABEL_SEAL, encodeUtf8(label)) };
}

/** Empty where nothing is left of it. */
export function readRestingLabel(seal: Seal, { label, label_sealed: sealed }: LabelAtRest): string {
  const opened = sealed === null ? null : seal.open(LABEL_SEAL, sealed);
  return (opened === null ? label : decodeUtf8(opened)) ?? '';
}
