/** Files as a browser has them, through the module's own gzip and the library's zstd. */

import init from 'analyzer-wasm';
import moduleAddress from 'analyzer-wasm/module?url&inline';
import { beforeAll, describe, expect, test } from 'vitest';
import { bytesOfDataAddress } from '../embedded';
import { chunksOf, recordingOf } from './reading';

beforeAll(async () => {
  await init({ module_or_path: bytesOfDataAddress(moduleAddress) });
});

const encoder = new TextEncoder();
/** `zstd -22 --ultra --long=27 --check` of it is below: the largest window that there may be, and a checksum. */
const BOTTLES = encoder.encode(Array.from({ length: 400 }, (_, n) => `${n * n} bottles of beer on the wall, `).join(''));
const ZSTD_OF_BOTTLES = bytesOfDataAddress(
  'data:;base64,'
  + 'KLUv/QSI5RoASls8ChaQqZIDgFlBeVX8zOwjl8iWFUKYzJgeqgCXAJkAIWT4v0MrZFAaN1P77YITat5crqpRkzZN5asehbpjXtfdUNqMb8Mtfg'
  + 'hpUfhMGWaRurIjn3cIQjv0jM5WifQ5lP7UEkL66v12xiB50zpeOiZUeL+mCpMlmVrFRW9C0fF36rCRPErbO3whLfuU2ix9nc4ZHIR2OKWzSp3L'
  + '+FiE9O92lLapX4fQe2cAoECBAAsMDggoMDBwwADBwYEAgwEHDBIcFFCg4IAAAwW2kPaD3CHtS6m0bhw14x1GKRQ97+KqUatKUie/4q+ZdYQah8'
  + 'PLUI+nluYxSBtyv5cKWct8GuXCQSpXseOdsXChFQ5UnO/Iy0ufZUrOZywShAz+3OKW5iXLhlL/dSMqVL1wNaqFRhJOZPXLW0yoOcJbsZ44I3mM'
  + 't/od5h0hx/KPywYvSF/dCZ9zGKEdQs5JZ1ZL7byW/9jS86ZST182HEKFV16zirt1SfrUVzMXZw5CBUf9jtSUcaV1lGjPO/gwIWex5iNNKfdH6q'
  + 'wTOgxncJiFFgfJKe082pDOOVjOPpwEBSEVfP/eWw83ksNGoRa/cogIJZ70UisJKSThJFayS5vIQskO+avXMqORHMaF1r7nW4QUS+iHLSccIZ1r'
  + '2fkpC5rQEodJzvAO3xmpM7+U8FGQE191LgfZWCg7KG9bO2SG0jjGpBXJHd5/hBxLw8cuL/VEaldHZ3iOXaxCqw7zc+/ErA7SPc9l5eNaHkKGX9'
  + '5hrRYMheRvZurN28AIFspeyOVWD4ohCadZtfGquHCh7oh5Hep7Q0uW8W3ZW2IfCkmL7DNaSc1y6bNyOhLOW4EWWhzeM9pxqAqt1MK0Tas0mQt5'
  + 'X+Z+aCMwWAqBj6gRIBTXZ/t30TcyjAER/P+LnB9+WzBD+5Ldzhrt5C5iCMfYKIBqva2ILOldo0koxiXdNRoql19lqjhVjqdSFXyMQ21N9Qk3zf'
  + '1c98+r5qQtsWK1PfdTNSlnOY/UnJcbV/fnVTM/8zcnulppSzYcgHZ80i/qKrgA00fzh+1on00Co7E1AuGSq1xUWCyU0eQ3LLJM+Sy6Do6O/DzV'
  + '5aE+z4leHiOZ4+XFEu/S24Q8zQa7MJQNO0yIsUiqNBqNRtMGLQIgAQiWqgJTdyIM',
);

const file = (parts: readonly Uint8Array[], name = 'x'): File => new File(parts as Uint8Array<ArrayBuffer>[], name);

/** What is delivered, and why not more. */
async function read(parts: readonly Uint8Array[], sliceBytes?: number): Promise<{ bytes: Uint8Array; reason: string }> {
  const chunks: Uint8Array[] = [];
  let reason = '';
  try {
    for await (const { bytes } of chunksOf(file(parts), sliceBytes)) chunks.push(bytes.slice());
  } catch (problem) {
    reason = (problem as Error).message;
  }
  return { bytes: await joined(chunks), reason };
}

const joined = async (parts: readonly Uint8Array[]): Promise<Uint8Array> => new Uint8Array(await file(parts).arrayBuffer());

/** Without printing megabytes when they differ; `toEqual` takes a second for each. */
function expectBytes(found: Uint8Array, expected: Uint8Array): void {
  expect(found.length).toBe(expected.length);
  expect(found.findIndex((byte, at) => byte !== expected[at]), 'the first byte that differs').toBe(-1);
}

/** Numbers that do not repeat. */
const noise = (length: number): Uint8Array => {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
};

const word = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** A frame of uncompressed blocks, with a window of 128 KiB. */
function stored(content: Uint8Array, { blockBytes = 100_000, window = 0x38 } = {}): Uint8Array {
  const frame = [...MAGIC, 0, window];
  for (let at = 0; at < content.length || at === 0; at += blockBytes) {
    const block = content.subarray(at, at + blockBytes);
    const header = (block.length << 3) | (at + blockBytes >= content.length ? 1 : 0);
    frame.push(...word(header).slice(0, 3));
    for (const byte of block) frame.push(byte);
  }
  return Uint8Array.from(frame);
}

const skippable = (length: number, kind = 0): Uint8Array =>
  Uint8Array.from([0x50 | kind, 0x2a, 0x4d, 0x18, ...word(length), ...noise(length)]);

const TEXT = noise(250_000);

describe('zstd', () => {
  test.each<[string, readonly Uint8Array[], readonly Uint8Array[]]>([
    ['a frame of the program zstd', [ZSTD_OF_BOTTLES], [BOTTLES]],
    ['stored blocks', [stored(TEXT)], [TEXT]],
    ['several frames', [stored(TEXT), ZSTD_OF_BOTTLES, stored(TEXT)], [TEXT, BOTTLES, TEXT]],
    ['an empty frame between', [stored(TEXT), stored(new Uint8Array()), ZSTD_OF_BOTTLES], [TEXT, BOTTLES]],
    ['a skippable frame between, and one at the end', [stored(TEXT), skippable(9, 3), ZSTD_OF_BOTTLES, skippable(70_000)], [TEXT, BOTTLES]],
    ['an empty skippable frame', [stored(TEXT), skippable(0, 15), ZSTD_OF_BOTTLES], [TEXT, BOTTLES]],
    ['a run of one byte', [Uint8Array.from([...MAGIC, 0, 0x38, ...word((1000 << 3) | 3).slice(0, 3), 65])], [new Uint8Array(1000).fill(65)]],
    ['more frames than a stack is deep', Array.from({ length: 20_000 }, () => stored(TEXT.subarray(0, 3), { window: 0 })),
      Array.from({ length: 20_000 }, () => TEXT.subarray(0, 3))],
    ['larger than a slice', Array.from({ length: 6 }, () => stored(TEXT)), Array.from({ length: 6 }, () => TEXT)],
  ])('%s', async (_, compressed, plain) => {
    const { bytes, reason } = await read(compressed);
    expect(reason).toBe('');
    expectBytes(bytes, await joined(plain));
  });

  const changed = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes.at(at)! ^ 1);

  test.each<[string, readonly Uint8Array[], number, RegExp]>([
    ['cut in the second block', [stored(TEXT).subarray(0, 150_000)], 100_000, /ends early: the file was cut/],
    ['cut between blocks', [stored(TEXT).subarray(0, 100_009)], 100_000, /ends early: the file was cut/],
    ['cut in the magic of the second frame', [stored(TEXT), Uint8Array.from(MAGIC.slice(0, 3))], 250_000, /ends early/],
    ['cut in the header of the second frame', [stored(TEXT), Uint8Array.from(MAGIC)], 250_000, /ends early/],
    ['cut in a skippable frame', [stored(TEXT), skippable(20).subarray(0, 15)], 250_000, /ends early/],
    ['cut in the checksum', [ZSTD_OF_BOTTLES.subarray(0, -1)], BOTTLES.length, /ends early/],
    ['a wrong checksum', [stored(TEXT), changed(ZSTD_OF_BOTTLES, -2)], 250_000 + BOTTLES.length, /damaged: a checksum is wrong/],
    ['compressed data that are damaged', [stored(TEXT), changed(ZSTD_OF_BOTTLES, 12)], 250_000, /damaged: /],
    ['something behind', [stored(TEXT), noise(50)], 250_000, /damaged: something else than a frame follows/],
    ['a block of no known kind', [stored(TEXT), Uint8Array.from([...MAGIC, 0, 0x38, 0x0e, 0, 0, 1])], 250_000, /damaged: /],
    ['a window of 256 MiB', [stored(TEXT), stored(TEXT, { window: 18 << 3 })], 250_000, /larger window than a page can give/],
    ['a window of terabytes', [stored(TEXT), stored(TEXT, { window: 255 })], 250_000, /larger window than a page can give/],
    ['content of 4 GiB in one window', [stored(TEXT), Uint8Array.from([...MAGIC, 0xa0, 255, 255, 255, 255, 1, 0, 0])], 250_000,
      /larger window than a page can give/],
  ])('%s: what comes before is delivered', async (_, compressed, delivered, words) => {
    const { bytes, reason } = await read(compressed);
    expect(reason).toMatch(words);
    const expected = delivered === BOTTLES.length ? BOTTLES : (await joined([TEXT, BOTTLES])).subarray(0, delivered);
    expectBytes(bytes.subarray(0, delivered), expected);
  });
});

async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = file([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

test('gzip, with members, cut and damaged', async () => {
  const [first, second] = [await gzip(TEXT), await gzip(BOTTLES)];
  const whole = await read([first, second]);
  expect(whole.reason).toBe('');
  expectBytes(whole.bytes, await joined([TEXT, BOTTLES]));
  expect(await read([first, second.subarray(0, -9)])).toMatchObject({ reason: 'the gzip data ends early: the file was cut' });
  const wrong = await read([first, second.with(-6, second.at(-6)! ^ 1)]);
  expect(wrong.reason).toMatch(/the gzip data is damaged/);
  expect(wrong.bytes.length).toBe(TEXT.length + BOTTLES.length);
});

test('plain files come in slices, with how far each leads', async () => {
  const seen: [number, number][] = [];
  for await (const { bytes, storedBytes } of chunksOf(file([TEXT]), 100_000)) seen.push([bytes.length, storedBytes]);
  expect(seen).toEqual([[100_000, 100_000], [100_000, 200_000], [50_000, 250_000]]);
  expect(await read([])).toEqual({ bytes: new Uint8Array(), reason: '' });
});

/** A capture with one packet at this second, or none. */
const capture = (second: number | null): Uint8Array => Uint8Array.from([
  0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0,
  ...(second === null ? [] : [...word(second), 0, 0, 0, 0, 1, 0, 0, 0, 60, 0, 0, 0, 0xff]),
]);

test('files of one recording are ordered by their first packets; what is no capture is left out, but not alone', async () => {
  const text = file([encoder.encode('no capture, but more than the 24 bytes of a header')], 'notes.txt');
  const recording = await recordingOf([
    file([capture(9)], 'a.pcap'), text, file([capture(null)], 'none.pcap'), file([stored(capture(5))], 'b.pcap.zst'),
    file([await gzip(capture(5))], 'a_2.pcap.gz'),
  ]);
  expect(recording.files.map(({ name }) => name)).toEqual(['a_2.pcap.gz', 'b.pcap.zst', 'a.pcap', 'none.pcap']);
  expect(recording.leftOut).toEqual(['notes.txt']);
  expect(await recordingOf([text])).toMatchObject({ files: [text], name: 'notes.txt', leftOut: [] });
});
