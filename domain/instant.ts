// Time is kept as UTC epoch milliseconds (journal, batch) or seconds (codes, packs) and shown at the airport's offset.

/** China has one offset and no daylight saving; the wallets' APIs are fixed to it. */
export const WALLET_OFFSET_MINUTES = 480;

type LocalParts = { readonly date: string; readonly time: string };

function localParts(epochMs: number, offsetMinutes: number): LocalParts {
  const iso = new Date(epochMs + offsetMinutes * 60_000).toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 16) };
}

/** `2026-11-23 14:05` */
export function formatLocalMinute(epochMs: number, offsetMinutes: number): string {
  const { date, time } = localParts(epochMs, offsetMinutes);
  return `${date} ${time}`;
}

/** `14:05` */
export function formatLocalTime(epochMs: number, offsetMinutes: number): string {
  return localParts(epochMs, offsetMinutes).time;
}

/** Days since 1970-01-01 of the calendar day at the given offset (cabin-code.md 2.2, `depDate`). */
export function epochDayAt(epochMs: number, offsetMinutes: number): number {
  return Math.floor((epochMs + offsetMinutes * 60_000) / 86_400_000);
}

/** `20261123` of a day number. */
export function formatEpochDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10).replace(/-/g, '');
}
