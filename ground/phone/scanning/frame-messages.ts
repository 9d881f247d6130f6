// What the page and the code worker say to each other.

/** A till shows QR codes; a boarding pass may carry any of the two-dimensional ones (IATA resolution 792). */
export type CodeKind = 'till' | 'boarding-pass';

export type WorkerRequest =
  | { readonly kind: 'prepare'; readonly wasmUrl: string }
  | { readonly kind: 'frame'; readonly pixels: ImageData; readonly of: CodeKind };

export type FrameAnswer =
  { readonly kind: 'read'; readonly texts: readonly string[] } | { readonly kind: 'failed' };
