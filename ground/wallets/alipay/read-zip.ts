// Just enough of ZIP for a statement: the files of an archive by its central directory, bounded.
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const END_BYTES = 22;
const MOST_FILES = 16;
const MOST_FILE_BYTES = 64 * 1024 * 1024;

export type ZipFile = { readonly name: string; readonly data: Buffer };

/** Null where it is no archive, holds too much, or uses what we do not read (ZIP64, encryption). */
export function readZip(bytes: Buffer): readonly ZipFile[] | null {
  try {
    return readEntries(bytes);
  } catch {
    // Reading past the end, or a damaged deflate stream.
    return null;
  }
}

function readEntries(bytes: Buffer): readonly ZipFile[] | null {
  let end = bytes.length - END_BYTES;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) return null;
  const count = bytes.readUInt16LE(end + 10);
  if (count > MOST_FILES) return null;
  const files: ZipFile[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (bytes.readUInt32LE(at) !== ENTRY) return null;
    const nameBytes = bytes.readUInt16LE(at + 28);
    const name = bytes.subarray(at + 46, at + 46 + nameBytes).toString('utf8');
    const data = readData(bytes, at);
    if (data === null) return null;
    files.push({ name, data });
    at += 46 + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

function readData(bytes: Buffer, entry: number): Buffer | null {
  const isEncrypted = (bytes.readUInt16LE(entry + 8) & 1) !== 0;
  const method = bytes.readUInt16LE(entry + 10);
  const packedBytes = bytes.readUInt32LE(entry + 20);
  const wholeBytes = bytes.readUInt32LE(entry + 24);
  const local = bytes.readUInt32LE(entry + 42);
  if (isEncrypted || wholeBytes > MOST_FILE_BYTES) return null;
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + packedBytes);
  if (packed.length !== packedBytes) return null;
  if (method === 0) return packed;
  if (method !== 8) return null;
  const data = inflateRawSync(packed, { maxOutputLength: MOST_FILE_BYTES });
  return data.length === wholeBytes ? data : null;
}
