// The light in a camera frame, as the code reader wants it. Buffers are kept: a fresh one for each frame piles up to
// half a gigabyte before anybody collects it, because the page itself makes no garbage (docs/bench.md).

export type PixelReader = {
  /** Consumes the frame; grey where its format lets us. Null when there is no canvas. Good until the next call. */
  readonly read: (frame: VideoFrame) => Promise<ImageData | null>;
};

/** Where the brightness of a pixel stands in the first plane, and how far it is to the next pixel. */
type Sampling = { readonly offset: number; readonly step: number };

const GREY = Uint32Array.from({ length: 256 }, (_, light) => 0xff000000 + light * 0x010101);

export function createPixelReader(): PixelReader {
  let planes = new Uint8Array(0);
  let pixels: ImageData | null = null;

  async function readLight(frame: VideoFrame, rect: DOMRectReadOnly, sampling: Sampling): Promise<ImageData> {
    const { width, height } = rect;
    const size = frame.allocationSize({ rect });
    if (planes.length < size) planes = new Uint8Array(size);
    const [layout] = await frame.copyTo(planes, { rect });
    if (pixels?.width !== width || pixels.height !== height) pixels = new ImageData(width, height);
    if (layout !== undefined) spreadLight(planes, layout, sampling, pixels);
    return pixels;
  }

  return {
    read: async (frame) => {
      try {
        const sampling = samplingOf(frame.format);
        const rect = frame.visibleRect;
        if (sampling === null || rect === null) return drawPixels(frame);
        return await readLight(frame, rect, sampling);
      } finally {
        frame.close();
      }
    },
  };
}

/** For a frame whose bytes nobody may have, as some graphics cards deliver them. */
function drawPixels(frame: VideoFrame): ImageData | null {
  const { displayWidth: width, displayHeight: height } = frame;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context?.drawImage(frame, 0, 0);
  return context?.getImageData(0, 0, width, height) ?? null;
}

/** Planar formats begin with the brightness; of packed colours green is close to it. */
function samplingOf(format: VideoPixelFormat | null): Sampling | null {
  switch (format) {
    case 'I420':
    case 'I420A':
    case 'I422':
    case 'I444':
    case 'NV12':
      return { offset: 0, step: 1 };
    case 'RGBA':
    case 'RGBX':
    case 'BGRA':
    case 'BGRX':
      return { offset: 1, step: 4 };
    default:
      return null;
  }
}

function spreadLight(
  plane: Uint8Array,
  { offset, stride }: PlaneLayout,
  sampling: Sampling,
  { data, width, height }: ImageData,
): void {
  const grey = new Uint32Array(data.buffer);
  for (let y = 0; y < height; y++) {
    let from = offset + y * stride + sampling.offset;
    const end = (y + 1) * width;
    for (let to = y * width; to < end; to++) {
      grey[to] = GREY[plane[from] ?? 0] ?? 0;
      from += sampling.step;
    }
  }
}
