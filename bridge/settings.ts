// What a technician sets on one terminal; kept by main as its own JSON file.
import * as v from 'valibot';

const devicePath = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.regex(/^[^\0\r\n]+$/));
const baud = v.picklist([9600, 19_200, 38_400, 57_600, 115_200]);

export const settingsSchema = v.strictObject({
  v: v.literal(1),
  language: v.picklist(['zh', 'en']),
  theme: v.picklist(['day', 'night']),
  printer: v.variant('kind', [
    v.strictObject({ kind: v.literal('none') }),
    v.strictObject({ kind: v.literal('serial'), path: devicePath, baud, paperMm: v.picklist([58, 80]) }),
    v.strictObject({
      kind: v.literal('tcp'),
      host: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.:-]{1,253}$/)),
      port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
      paperMm: v.picklist([58, 80]),
    }),
  ]),
  scanner: v.variant('kind', [
    v.strictObject({ kind: v.literal('none') }),
    v.strictObject({ kind: v.literal('serial'), path: devicePath, baud }),
  ]),
  camera: v.picklist(['on', 'off']),
});

export type Settings = v.InferOutput<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  v: 1,
  language: 'zh',
  theme: 'night',
  printer: { kind: 'none' },
  scanner: { kind: 'none' },
  camera: 'on',
};
