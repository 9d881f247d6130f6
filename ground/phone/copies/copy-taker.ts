// Gathers the frames of a till's animated code in whatever order the camera reads them.
import { encodeHex } from '../../../domain/encoding/hex.ts';
import {
  addCopyFrame,
  copyContent,
  readCopyFrame,
  type CopyCodeFault,
  type CopyProgress,
} from '../../../domain/handheld/copy-code.ts';
import { checkCopy, type CheckedCopy, type CopyContext, type CopyFault } from './check-copy.ts';

export type TakenFrame =
  | { readonly kind: 'not-a-frame'; readonly why: CopyCodeFault }
  | { readonly kind: 'gathering'; readonly seen: number; readonly count: number }
  | { readonly kind: 'refused'; readonly why: CopyFault }
  | { readonly kind: 'whole'; readonly copy: CheckedCopy };

export type CopyTaker = { readonly take: (text: string, context: CopyContext) => Promise<TakenFrame> };

export function createCopyTaker(): CopyTaker {
  let progress: CopyProgress | null = null;
  // The till goes on showing its frames after the last one has been read: the answer stays the same.
  let finished: { readonly id: string; readonly outcome: TakenFrame } | null = null;

  return {
    take: async (text, context) => {
      const frame = readCopyFrame(text);
      if (!frame.ok) return { kind: 'not-a-frame', why: frame.error };
      const id = encodeHex(frame.value.id);
      if (finished?.id === id) return finished.outcome;
      progress = addCopyFrame(progress, frame.value);
      const content = copyContent(progress);
      if (content === null) return gathering(progress);
      const { id: idBytes } = progress;
      progress = null;
      const checked = await checkCopy(content, idBytes, context);
      // A refused one is gathered anew: the next round of frames may be whole, or somebody else's.
      if (!checked.ok) return { kind: 'refused', why: checked.error };
      finished = { id, outcome: { kind: 'whole', copy: checked.value } };
      return finished.outcome;
    },
  };
}

function gathering({ chunks }: CopyProgress): TakenFrame {
  const seen = chunks.filter((chunk) => chunk !== null).length;
  return { kind: 'gathering', seen, count: chunks.length };
}
