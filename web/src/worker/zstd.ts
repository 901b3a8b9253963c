/**
 * zstd to decompressed bytes, frame by frame (RFC 8878).
 *
 * In: compressed bytes in any pieces. Out: decompressed bytes, by a callback. Guaranteed: what comes before a damaged place is
 * given out; checksums of content are checked; frames that want a larger window than the native program allows are refused
 * before memory is taken; any number of frames, with skippable ones anywhere between.
 *
 * The library decompresses single frames well. It does not check checksums, takes any window, and calls itself for each frame.
 */

import type { Decompress } from 'fzstd';
import { Xxh64 } from './xxh64';

const MAGIC = 0xfd2fb528;
/** Of skippable frames, but for the last four bits. */
const SKIPPABLE = 0x184d2a50;
/** As the native program's: that of `zstd --long=27`, and a byte. */
const LARGEST_WINDOW = 2 ** 27 + 1;
const MOST_HEADER_BYTES = 14;
const REPEATED_BYTE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** What the next bytes are. */
type Part = 'magic' | 'skippableSize' | 'skippable' | 'descriptor' | 'header' | 'blockHeader' | 'block' | 'checksum';

const FIXED_BYTES = { magic: 4, skippableSize: 4, descriptor: 1, blockHeader: 3, checksum: 4 } as const;

/** Why the data can't be read on. */
export class ZstdFault extends Error {}

const damaged = (what: string): ZstdFault => new ZstdFault(`the zstd data is damaged: ${what}`);

type Make = new (give: (bytes: Uint8Array) => void) => Decompress;

export class Unzstd {
  private readonly make: Make;
  private readonly give: (bytes: Uint8Array) => void;
  private part: Part = 'magic';
  /** Bytes that are still to come of the part. */
  private left: number = FIXED_BYTES.magic;
  /** Of parts that are looked at. */
  private readonly head = new Uint8Array(MOST_HEADER_BYTES);
  private headBytes = 0;
  private descriptor = 0;
  private isLastBlock = false;
  private decompress: Decompress | null = null;
  private checksum: Xxh64 | null = null;

  /** `make` is the library's decompressor. */
  constructor(make: Make, give: (bytes: Uint8Array) => void) {
    this.make = make;
    this.give = give;
  }

  /** Takes the next bytes. After an error nothing more may come. */
  push(bytes: Uint8Array): void {
    let at = 0;
    // What the decompressor has not seen yet begins here.
    let from = 0;
    const feed = (isEnd: boolean): void => {
      if (this.decompress !== null && (at > from || isEnd)) {
        this.decompressed(bytes.subarray(from, at), isEnd);
      }
      from = at;
    };
    while (at < bytes.length || this.left === 0) {
      const taken = Math.min(this.left, bytes.length - at);
      if (this.part !== 'block' && this.part !== 'skippable') {
        this.head.set(bytes.subarray(at, at + taken), this.headBytes);
        this.headBytes += taken;
      }
      at += taken;
      this.left -= taken;
      if (this.left > 0) {
        break;
      }
      let next: Part;
      try {
        next = this.next();
      } catch (problem) {
        feed(false);
        throw problem;
      }
      if (this.part === 'magic' && next === 'descriptor') {
        from = at;
      }
      if (next === 'magic') {
        feed(true);
        this.endFrame();
      }
      this.begin(next);
    }
    feed(false);
  }

  /** The file ends here. */
  end(): void {
    if (this.part !== 'magic' || this.headBytes > 0) {
      throw new ZstdFault('the zstd data ends early: the file was cut');
    }
  }

  private begin(part: Part): void {
    this.part = part;
    this.headBytes = 0;
    if (part in FIXED_BYTES) {
      this.left = FIXED_BYTES[part as keyof typeof FIXED_BYTES];
    }
  }

  /** The part is whole: which is the next. Where its length is told here, `left` is set. */
  private next(): Part {
    const view = new DataView(this.head.buffer);
    switch (this.part) {
      case 'magic': {
        const magic = view.getUint32(0, true);
        if (magic === MAGIC) {
          return this.beginFrame();
        }
        if ((magic & ~0xf) === SKIPPABLE) {
          return 'skippableSize';
        }
        throw damaged('something else than a frame follows');
      }
      case 'skippableSize':
        this.left = view.getUint32(0, true);
        return 'skippable';
      case 'skippable':
        return 'magic';
      case 'descriptor':
        this.descriptor = view.getUint8(0);
        this.left = headerBytes(this.descriptor);
        return 'header';
      case 'header':
        if (windowBytes(this.descriptor, view) > LARGEST_WINDOW) {
          throw new ZstdFault('the zstd data needs a larger window than a page can give: decompress the file first');
        }
        this.checksum = (this.descriptor & 4) === 0 ? null : new Xxh64();
        return 'blockHeader';
      case 'blockHeader': {
        const header = view.getUint16(0, true) | (view.getUint8(2) << 16);
        const kind = (header >> 1) & 3;
        if (kind === RESERVED_BLOCK) {
          throw damaged('a block of no known kind');
        }
        this.isLastBlock = (header & 1) === 1;
        this.left = kind === REPEATED_BYTE_BLOCK ? 1 : header >> 3;
        return 'block';
      }
      case 'block':
        return this.isLastBlock ? (this.checksum === null ? 'magic' : 'checksum') : 'blockHeader';
      case 'checksum':
        return 'magic';
    }
  }

  private beginFrame(): Part {
    this.decompress = new this.make((bytes) => {
      if (bytes.length > 0) {
        this.checksum?.update(bytes);
        this.give(bytes);
      }
    });
    this.decompressed(this.head.slice(0, FIXED_BYTES.magic), false);
    return 'descriptor';
  }

  /** After its last byte: whether its content is what it was. */
  private endFrame(): void {
    const { checksum } = this;
    this.decompress = null;
    this.checksum = null;
    if (checksum !== null && checksum.low32() !== new DataView(this.head.buffer).getUint32(0, true)) {
      throw damaged('a checksum is wrong');
    }
  }

  private decompressed(bytes: Uint8Array, isEnd: boolean): void {
    try {
      this.decompress?.push(bytes, isEnd);
    } catch (problem) {
      throw damaged(problem instanceof Error ? problem.message : String(problem));
    }
  }
}

const isSingleSegment = (descriptor: number): boolean => (descriptor & 0x20) !== 0;

/** Bytes of the window's descriptor, of the dictionary's id, and of the content's size. */
const fieldBytes = (descriptor: number): readonly [number, number, number] => {
  const sizeBytes = [isSingleSegment(descriptor) ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return [isSingleSegment(descriptor) ? 0 : 1, [0, 1, 2, 4][descriptor & 3] ?? 0, sizeBytes];
};

const headerBytes = (descriptor: number): number => fieldBytes(descriptor).reduce((sum, bytes) => sum + bytes, 0);

const windowBytes = (descriptor: number, header: DataView): number => {
  if (!isSingleSegment(descriptor)) {
    const byte = header.getUint8(0);
    const base = 2 ** (10 + (byte >> 3));
    return base + (base / 8) * (byte & 7);
  }
  const [, at, sizeBytes] = fieldBytes(descriptor);
  switch (sizeBytes) {
    case 1: return header.getUint8(at);
    case 2: return header.getUint16(at, true) + 256;
    case 4: return header.getUint32(at, true);
    default: return Number(header.getBigUint64(at, true));
  }
};
