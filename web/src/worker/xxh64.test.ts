/** Digests, against the algorithm in big integers. */

import { expect, test } from 'vitest';
import { Xxh64 } from './xxh64';

/** The algorithm once more, in big integers and for whole texts. */
function expected(bytes: Uint8Array): number {
  const wrap = (value: bigint): bigint => BigInt.asUintN(64, value);
  const [p1, p2, p3, p4, p5] = [
    11400714785074694791n, 14029467366897019727n, 1609587929392839161n, 9650029242287828579n, 2870177450012600261n,
  ];
  const rotate = (value: bigint, bits: bigint): bigint => wrap((value << bits) | (value >> (64n - bits)));
  const round = (lane: bigint, input: bigint): bigint => wrap(rotate(wrap(lane + input * p2), 31n) * p1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash = p5;
  if (bytes.length >= 32) {
    const lanes = [wrap(p1 + p2), p2, 0n, wrap(-p1)];
    for (; at + 32 <= bytes.length; at += 32) {
      for (const lane of lanes.keys()) lanes[lane] = round(lanes[lane]!, view.getBigUint64(at + 8 * lane, true));
    }
    hash = wrap(lanes.reduce((sum, lane, n) => sum + rotate(lane, [1n, 7n, 12n, 18n][n]!), 0n));
    for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * p1 + p4);
  }
  hash = wrap(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) hash = wrap(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * p1 + p4);
  if (at + 4 <= bytes.length) {
    hash = wrap(rotate(hash ^ wrap(BigInt(view.getUint32(at, true)) * p1), 23n) * p2 + p3);
    at += 4;
  }
  for (; at < bytes.length; at++) hash = wrap(rotate(hash ^ wrap(BigInt(bytes[at]!) * p5), 11n) * p1);
  hash = wrap((hash ^ (hash >> 33n)) * p2);
  hash = wrap((hash ^ (hash >> 29n)) * p3);
  return Number((hash ^ (hash >> 32n)) & 0xffffffffn);
}

/** Of the algorithm's own documents. */
test.each([['', 0x51d8e999], ['a', 0xa98c6e5b], ['abc', 0xad770999]])('of %j', (text, low) => {
  const bytes = new TextEncoder().encode(text);
  expect(expected(bytes)).toBe(low);
  const hash = new Xxh64();
  hash.update(bytes);
  expect(hash.low32()).toBe(low);
});

test('of any length and in any pieces', () => {
  const all = Uint8Array.from({ length: 300 }, (_, n) => (n * 167 + (n >> 3) * 91) & 255);
  for (let length = 0; length <= all.length; length++) {
    for (const step of [1, 7, 32, 300]) {
      const hash = new Xxh64();
      for (let at = 0; at < length; at += step) hash.update(all.subarray(at, Math.min(at + step, length)));
      expect(hash.low32(), `${length} bytes in pieces of ${step}`).toBe(expected(all.subarray(0, length)));
    }
  }
});
