export type BarSeries = {
  readonly name: string;
  readonly values: readonly number[];
  /** A token: `--chart-1`. */
  readonly colour: '--chart-1' | '--chart-2' | '--chart-3' | '--chart-4';
};
