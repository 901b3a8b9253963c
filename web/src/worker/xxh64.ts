/**
 * XXH64 with seed 0, of which zstd's checksum of a frame's content is the low half.
 *
 * In: bytes in any pieces. Out: the low 32 bits. Guaranteed: the algorithm of https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md,
 * in halves of 32 bits, because big integers are slow.
 */

const STRIPE_BYTES = 32;
const LANES = 4;

type Half = number;
/** The primes, as high and low halves. */
const P1: readonly [Half, Half] = [0x9e3779b1, 0x85ebca87];
const P2: readonly [Half, Half] = [0xc2b2ae3d, 0x27d4eb4f];
const P3: readonly [Half, Half] = [0x165667b1, 0x9e3779f9];
const P4: readonly [Half, Half] = [0x85ebca77, 0xc2b2ae63];
const P5: readonly [Half, Half] = [0x27d4eb2f, 0x165667c5];

/** The result of the arithmetic below; what it gives is taken at once. */
let high = 0;
let low = 0;

/** The high half of the product of two halves. Each step stays below 2³², unsigned. */
const topOfProduct = (a: Half, b: Half): Half => {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = (Math.imul(a1, b0) >>> 0) + (Math.imul(a0, b0) >>> 16);
  const carry = ((middle & 0xffff) + (Math.imul(a0, b1) >>> 0)) >>> 16;
  return (Math.imul(a1, b1) + (middle >>> 16) + carry) | 0;
};

const multiply = (aHigh: Half, aLow: Half, bHigh: Half, bLow: Half): void => {
  high = (topOfProduct(aLow, bLow) + Math.imul(aHigh, bLow) + Math.imul(aLow, bHigh)) | 0;
  low = Math.imul(aLow, bLow);
};

const add = (aHigh: Half, aLow: Half, bHigh: Half, bLow: Half): void => {
  const sum = (aLow >>> 0) + (bLow >>> 0);
  high = (aHigh + bHigh + (sum > 0xffff_ffff ? 1 : 0)) | 0;
  low = sum | 0;
};

/** Of `high` and `low`, by 1 to 31 bits. */
const rotate = (bits: number): void => {
  const top = high;
  high = (top << bits) | (low >>> (32 - bits));
  low = (low << bits) | (top >>> (32 - bits));
};

const times = ([primeHigh, primeLow]: readonly [Half, Half]): void => multiply(high, low, primeHigh, primeLow);
const plus = ([primeHigh, primeLow]: readonly [Half, Half]): void => add(high, low, primeHigh, primeLow);

/** One lane takes eight bytes. */
const round = (laneHigh: Half, laneLow: Half, inHigh: Half, inLow: Half): void => {
  multiply(inHigh, inLow, P2[0], P2[1]);
  add(laneHigh, laneLow, high, low);
  rotate(31);
  times(P1);
};

export class Xxh64 {
  /** High and low halves of the lanes in turn. */
  private readonly lanes = new Int32Array(2 * LANES);
  private readonly rest = new Uint8Array(STRIPE_BYTES);
  private restBytes = 0;
  private bytes = 0;

  constructor() {
    add(P1[0], P1[1], P2[0], P2[1]);
    this.lanes.set([high, low, P2[0], P2[1], 0, 0]);
    // 0 − P1.
    add(~P1[0], ~P1[1], 0, 1);
    this.lanes.set([high, low], 6);
  }

  update(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    let at = 0;
    if (this.restBytes > 0) {
      at = Math.min(STRIPE_BYTES - this.restBytes, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restBytes);
      this.restBytes += at;
      if (this.restBytes < STRIPE_BYTES) {
        return;
      }
      this.stripes(this.rest, 0);
      this.restBytes = 0;
    }
    at = this.stripes(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.restBytes = bytes.length - at;
  }

  /** Takes all whole stripes; where the rest begins. It is `round` without its calls. */
  private stripes(bytes: Uint8Array, from: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const { lanes } = this;
    let at = from;
    for (; at + STRIPE_BYTES <= bytes.length; at += STRIPE_BYTES) {
      for (let lane = 0; lane < 2 * LANES; lane += 2) {
        const inLow = view.getInt32(at + 4 * lane, true);
        const inHigh = view.getInt32(at + 4 * lane + 4, true);
        const productHigh = topOfProduct(inLow, P2[1]) + Math.imul(inHigh, P2[1]) + Math.imul(inLow, P2[0]);
        const laneLow = lanes[lane + 1] ?? 0;
        const sumLow = (laneLow + Math.imul(inLow, P2[1])) | 0;
        const carry = sumLow >>> 0 < laneLow >>> 0 ? 1 : 0;
        const sumHigh = ((lanes[lane] ?? 0) + productHigh + carry) | 0;
        const turnedHigh = (sumHigh << 31) | (sumLow >>> 1);
        const turnedLow = (sumLow << 31) | (sumHigh >>> 1);
        lanes[lane] = topOfProduct(turnedLow, P1[1]) + Math.imul(turnedHigh, P1[1]) + Math.imul(turnedLow, P1[0]);
        lanes[lane + 1] = Math.imul(turnedLow, P1[1]);
      }
    }
    return at;
  }

  /** The low half of the digest, unsigned. */
  low32(): number {
    const sum = this.bytes >= STRIPE_BYTES ? this.merged() : P5;
    add(sum[0], sum[1], Math.floor(this.bytes / 2 ** 32), this.bytes | 0);
    let [hashHigh, hashLow] = [high, low];
    const view = new DataView(this.rest.buffer);
    let at = 0;
    for (; at + 8 <= this.restBytes; at += 8) {
      round(0, 0, view.getInt32(at + 4, true), view.getInt32(at, true));
      [high, low] = [high ^ hashHigh, low ^ hashLow];
      rotate(27);
      times(P1);
      plus(P4);
      [hashHigh, hashLow] = [high, low];
    }
    if (at + 4 <= this.restBytes) {
      multiply(0, view.getInt32(at, true), P1[0], P1[1]);
      [high, low] = [high ^ hashHigh, low ^ hashLow];
      rotate(23);
      times(P2);
      plus(P3);
      [hashHigh, hashLow] = [high, low];
      at += 4;
    }
    for (; at < this.restBytes; at++) {
      multiply(0, this.rest[at] ?? 0, P5[0], P5[1]);
      [high, low] = [high ^ hashHigh, low ^ hashLow];
      rotate(11);
      times(P1);
      [hashHigh, hashLow] = [high, low];
    }
    [high, low] = [hashHigh, hashLow ^ (hashHigh >>> 1)];
    times(P2);
    const shifted = (high << 3) | (low >>> 29);
    [high, low] = [high ^ (high >>> 29), low ^ shifted];
    times(P3);
    return (low ^ high) >>> 0;
  }

  /** The lanes as one number. */
  private merged(): readonly [Half, Half] {
    const { lanes } = this;
    let sum: [Half, Half] = [0, 0];
    for (const [lane, bits] of [1, 7, 12, 18].entries()) {
      [high, low] = [lanes[2 * lane] ?? 0, lanes[2 * lane + 1] ?? 0];
      rotate(bits);
      add(sum[0], sum[1], high, low);
      sum = [high, low];
    }
    for (let lane = 0; lane < LANES; lane++) {
      round(0, 0, lanes[2 * lane] ?? 0, lanes[2 * lane + 1] ?? 0);
      [high, low] = [high ^ sum[0], low ^ sum[1]];
      times(P1);
      plus(P4);
      sum = [high, low];
    }
    return sum;
  }
}
