// A camera that sees passengers' phones: a two-frame video that Chromium's fake capture device plays in a loop.
// Overwriting it in place changes the picture without a restart of the app.
import { closeSync, openSync, writeSync } from 'node:fs';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import QRCode from 'qrcode';

const WIDTH = 1280;
const HEIGHT = 720;
const HEADER = `YUV4MPEG2 W${WIDTH.toString()} H${HEIGHT.toString()} F30:1 Ip A1:1 C420jpeg\n`;
const FRAME_MARK = 'FRAME\n';
const FRAMES = 2;

export type PhoneScreen = {
  /** Text of the QR code; null shows a hand without a phone. */
  readonly code: string | null;
  readonly title: string;
  readonly subtitle: string;
  readonly colour: string;
};

/** How the picture reaches the lens: a phone held upside down, or a camera that mirrors. */
export type Pose = 'upright' | 'upside-down' | 'mirrored';

export type PhoneCamera = {
  readonly path: string;
  readonly show: (screen: PhoneScreen, pose?: Pose) => void;
  /** Two passengers at once, side by side. */
  readonly showTwo: (left: PhoneScreen, right: PhoneScreen) => void;
  /** Nothing but the dim cabin. */
  readonly showNothing: () => void;
  /** A hand over the lens. */
  readonly cover: () => void;
};

/** Chromium's switches for a camera that plays `path`. */
export function cameraSwitches(path: string): readonly string[] {
  return ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${path}`];
}

/** A machine without any camera, whatever it really has. */
export const NO_CAMERA_SWITCHES: readonly string[] = ['--use-fake-device-for-media-stream=device-count=0'];

export function openPhoneCamera(path: string): PhoneCamera {
  const paint = (draw: (context: SKRSContext2D) => void): void => {
    const canvas = createCanvas(WIDTH, HEIGHT);
    const context = canvas.getContext('2d');
    drawCabin(context);
    draw(context);
    writeFrames(path, toI420(context.getImageData(0, 0, WIDTH, HEIGHT).data));
  };
  const camera: PhoneCamera = {
    path,
    show: (screen, pose = 'upright') => {
      paint((context) => {
        turn(context, pose);
        drawPhone(context, screen, WIDTH / 2);
      });
    },
    showTwo: (left, right) => {
      paint((context) => {
        drawPhone(context, left, WIDTH / 4);
        drawPhone(context, right, (WIDTH * 3) / 4);
      });
    },
    showNothing: () => {
      paint(() => undefined);
    },
    cover: () => {
      paint((context) => {
        context.fillStyle = '#000000';
        context.fillRect(0, 0, WIDTH, HEIGHT);
      });
    },
  };
  camera.showNothing();
  return camera;
}

function drawCabin(context: SKRSContext2D): void {
  const light = context.createLinearGradient(0, 0, WIDTH, HEIGHT);
  light.addColorStop(0, '#2b2f36');
  light.addColorStop(1, '#14161a');
  context.fillStyle = light;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = '#3a3f48';
  for (let seat = 0; seat < 3; seat++) context.fillRect(60 + seat * 420, 560, 320, 160);
}

function turn(context: SKRSContext2D, pose: Pose): void {
  if (pose === 'upright') return;
  context.translate(WIDTH, pose === 'mirrored' ? 0 : HEIGHT);
  context.scale(-1, pose === 'mirrored' ? 1 : -1);
}

function drawPhone(
  context: SKRSContext2D,
  { code, title, subtitle, colour }: PhoneScreen,
  centreX: number,
): void {
  const phone = { left: centreX - 250, top: 10, width: 500, height: 700 };
  context.fillStyle = '#050506';
  roundRect(context, phone.left, phone.top, phone.width, phone.height, 46);
  context.fillStyle = '#ffffff';
  roundRect(context, phone.left + 12, phone.top + 12, phone.width - 24, phone.height - 24, 36);
  context.fillStyle = colour;
  context.fillRect(phone.left + 12, phone.top + 48, phone.width - 24, 76);
  context.fillStyle = '#ffffff';
  context.textAlign = 'center';
  context.font = 'bold 30px sans-serif';
  context.fillText(title, centreX, phone.top + 96);
  context.fillStyle = '#333333';
  context.font = '22px sans-serif';
  context.fillText(subtitle, centreX, phone.top + 660);
  if (code !== null) drawCode(context, code, centreX, phone.top + 385, phone.width - 60);
}

function roundRect(
  context: SKRSContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
  radius: number,
): void {
  context.beginPath();
  context.roundRect(left, top, width, height, radius);
  context.fill();
}

/** Whole pixels per module and a quiet zone of four, as a phone draws it. */
function drawCode(
  context: SKRSContext2D,
  text: string,
  centreX: number,
  centreY: number,
  most: number,
): void {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const scale = Math.floor(most / (modules.size + 8));
  const side = modules.size * scale;
  const left = Math.round(centreX - side / 2);
  const top = Math.round(centreY - side / 2);
  context.fillStyle = '#000000';
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column) === 1)
        context.fillRect(left + column * scale, top + row * scale, scale, scale);
    }
  }
}

/** Full-range BT.601 4:2:0, the `C420jpeg` of the header. */
function toI420(rgba: Uint8ClampedArray): Buffer {
  const frame = Buffer.alloc((WIDTH * HEIGHT * 3) / 2);
  const at = (i: number): [number, number, number] => [rgba[i] ?? 0, rgba[i + 1] ?? 0, rgba[i + 2] ?? 0];
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    const [r, g, b] = at(i * 4);
    frame[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
  }
  const uStart = WIDTH * HEIGHT;
  const vStart = uStart + (WIDTH * HEIGHT) / 4;
  for (let y = 0; y < HEIGHT; y += 2) {
    for (let x = 0; x < WIDTH; x += 2) {
      const [r, g, b] = at((y * WIDTH + x) * 4);
      const chroma = (y / 2) * (WIDTH / 2) + x / 2;
      frame[uStart + chroma] = clamp(128 - 0.169 * r - 0.331 * g + 0.5 * b);
      frame[vStart + chroma] = clamp(128 + 0.5 * r - 0.419 * g - 0.081 * b);
    }
  }
  return frame;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)));
}

function writeFrames(path: string, frame: Uint8Array): void {
  const parts: Uint8Array[] = [Buffer.from(HEADER)];
  for (let i = 0; i < FRAMES; i++) parts.push(Buffer.from(FRAME_MARK), frame);
  const bytes = Buffer.concat(parts);
  // Not truncated: the capture device holds the file open and must never find it short.
  const fd = openSync(path, 'a+', 0o644);
  closeSync(fd);
  const writer = openSync(path, 'r+');
  try {
    writeSync(writer, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(writer);
  }
}
