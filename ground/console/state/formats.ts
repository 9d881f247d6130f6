// How numbers, times and names are written on the pages.
import { formatMinor } from '../../../domain/currency.ts';
import { formatLocalMinute } from '../../../domain/instant.ts';
import { airlineInView, desk, words } from './desk.ts';

export function money(minor: number): string {
  return formatMinor(minor, 'CNY');
}

/** `￥18.4万`, `￥184k`: for the axis of a chart. */
export function shortMoney(minor: number): string {
  const whole = minor / 100;
  const compact = new Intl.NumberFormat(desk.language === 'zh' ? 'zh-CN' : 'en', {
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  return `￥${compact.format(whole)}`;
}

export function count(n: number): string {
  return n.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

function offset(): number {
  return airlineInView.value?.utcOffsetMinutes ?? 480;
}

/** `2026-11-22 14:05`, as the airline's clocks show it. */
export function minute(ms: number): string {
  return formatLocalMinute(ms, offset());
}

/** `2026-11-22` */
export function dayOf(ms: number): string {
  return minute(ms).slice(0, 10);
}

/** `9C8835` of `9C8835-20261122-SHA-CTU`. */
export function flightOf(leg: string): string {
  return leg.split('-')[0] ?? leg;
}

/** `SHA → CTU` */
export function routeOf(leg: string): string {
  const [, , from = '', to = ''] = leg.split('-');
  return `${from} → ${to}`;
}

/** `11-22` */
export function dayInLeg(leg: string): string {
  const day = leg.split('-')[1] ?? '';
  return `${day.slice(4, 6)}-${day.slice(6, 8)}`;
}

export function walletOf(wallet: number): string {
  return words.value.wallet[wallet.toString()] ?? wallet.toString();
}

export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes.toString()} B`;
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${kilo.toFixed(kilo < 10 ? 1 : 0)} kB` : `${(kilo / 1024).toFixed(1)} MB`;
}
