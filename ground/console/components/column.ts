export type Column = {
  /** Also the name of the slot with the cell. */
  readonly key: string;
  readonly label: string;
  /** Numbers and amounts: `end`. */
  readonly align?: 'start' | 'end';
  readonly isWrapping?: boolean;
  readonly isNarrow?: boolean;
  /** Only read aloud: a column of buttons explains itself to the eye. */
  readonly isHeadHidden?: boolean;
};
