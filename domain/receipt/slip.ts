// A slip as a device-free document: the printer and the on-screen preview draw the same one.

export type SlipAlign = 'left' | 'center' | 'right';

export type SlipElement =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align: SlipAlign;
      readonly size: 'normal' | 'double';
      readonly isBold: boolean;
    }
  /** Something at the left and its value at the right. All amounts of a slip share one column that no name enters. */
  | {
      readonly kind: 'pair';
      readonly left: string;
      readonly right: string;
      readonly isAmount: boolean;
      readonly isBold: boolean;
      readonly size: 'normal' | 'double';
    }
  | { readonly kind: 'rule' }
  | { readonly kind: 'gap' }
  | { readonly kind: 'qr'; readonly text: string };

export type Slip = {
  readonly kind: 'sale' | 'void';
  /** Seq of the SALE or VOID line it is for. */
  readonly seq: number;
  readonly isCopy: boolean;
  readonly elements: readonly SlipElement[];
};
