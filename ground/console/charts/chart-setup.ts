// Only the parts of the chart library that are used, and its colours out of our tokens.
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from 'chart.js';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);
Chart.defaults.animation = false;
Chart.defaults.responsive = true;
Chart.defaults.maintainAspectRatio = false;
Chart.defaults.font.size = 13;
Chart.defaults.font.family = getComputedStyle(document.documentElement).getPropertyValue('--font');

export type Ink = { readonly text: string; readonly line: string; readonly surface: string };

/** The value of a token as it is now. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function inkNow(): Ink {
  return { text: token('--ink-2'), line: token('--line-soft'), surface: token('--surface') };
}
