import type { PackFault } from '../../domain/flight-pack/flight-pack.ts';

type Named = {
  readonly catalogue: unknown;
  readonly promotions: unknown;
  readonly crew?: unknown;
  readonly passengers?: unknown;
};

/** A fault in a list is told with the name of the thing, which is what a person looks for: `AL-001 (items.17.en): …`. */
export function namePlace(fault: PackFault, named: Named): PackFault {
  const [place, list, index] = /^(items|promotions|crew|passengers)\.(\d+)[\w.]*/.exec(fault.why) ?? [];
  if (place === undefined || list === undefined) return fault;
  const rows = list === 'items' ? memberOf(named.catalogue, 'items') : named[list as keyof Named];
  const row: unknown = Array.isArray(rows) ? rows[Number(index)] : undefined;
  const name = ['sku', 'id', 'seat']
    .map((key) => memberOf(row, key))
    .find((value) => typeof value === 'string');
  if (typeof name !== 'string') return fault;
  return { file: fault.file, why: `${name} (${place})${fault.why.slice(place.length)}`.slice(0, 200) };
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
