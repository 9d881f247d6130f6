// What the page and the QR worker say to each other.

export type WorkerRequest =
  | { readonly kind: 'prepare'; readonly wasmUrl: string }
  | { readonly kind: 'frame'; readonly frame: VideoFrame };

export type FrameAnswer =
  /** All codes in the frame; `brightest` sampled pixel, 0 to 255: a covered lens has none worth the name. */
  | { readonly kind: 'read'; readonly texts: readonly string[]; readonly brightest: number }
  | { readonly kind: 'failed' };
