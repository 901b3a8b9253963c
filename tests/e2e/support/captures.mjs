// Captures for the tests: where they are, and those that are too large or too odd to be kept.
//
// In:  names. Out: paths, and bytes of captures made here. Guaranteed: what is made lies in a temporary folder that goes when the
//      process ends; a sparse file takes only the disk space of what is written.

import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;

const root = fileURLToPath(new URL('../../../', import.meta.url));
export const CONVENTIONS = join(root, 'tests/captures/conventions');
export const REAL = join(root, 'tests/captures/truth/real');
export const LAB = join(root, 'tests/captures/truth/lab');
/** Captures that can't be published. */
export const HOSTILE = [join(root, '../shared/data/hostile'), join(root, '../../shared/data/hostile')].find((folder) => existsSync(folder)) ?? null;

export const isCapture = (name) => /\.(pcap|pcapng)(\.\w+)?$/.test(name);
export const capturesIn = (folder) => readdirSync(folder).filter(isCapture).sort().map((name) => join(folder, name));

let folder = null;
/** A path in a folder that goes with the process. */
export function temporary(name) {
  if (folder === null) {
    folder = mkdtempSync(join(tmpdir(), 'sniffit-e2e-'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return join(folder, name);
}

export function written(name, bytes) {
  writeFileSync(temporary(name), bytes);
  return temporary(name);
}

/** The records of a little-endian pcap, headers and all. */
export function recordsOf(pcap) {
  const records = [];
  for (let at = HEADER_BYTES; at < pcap.length; ) {
    const end = at + RECORD_BYTES + pcap.readUInt32LE(at + 8);
    records.push(pcap.subarray(at, end));
    at = end;
  }
  return records;
}

/** A pcap as a recorder that rotates its files leaves it. */
export function rotated(pcap, parts) {
  const records = recordsOf(pcap);
  const each = Math.ceil(records.length / parts);
  return Array.from({ length: parts }, (_, n) => Buffer.concat([pcap.subarray(0, HEADER_BYTES), ...records.slice(n * each, (n + 1) * each)]));
}

/** Ethernet, IPv4 and UDP. */
const FRAME_BYTES = 14 + 20 + 8;
/** So that streams are silent for longer than an object lasts, with fifty of them. */
const SPARSE_MILLIS = 40;

function fileHeader() {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/** Record header and headers of a UDP packet, of a flow of its own for each `flow`. What follows in the file is its payload. */
function packet({ millis, captured, flow }) {
  const bytes = Buffer.alloc(RECORD_BYTES + FRAME_BYTES);
  bytes.writeUInt32LE(1_700_000_000 + Math.floor(millis / 1000), 0);
  bytes.writeUInt32LE((millis % 1000) * 1000, 4);
  bytes.writeUInt32LE(captured, 8);
  bytes.writeUInt32LE(captured, 12);
  const ip = RECORD_BYTES + 14;
  // IP can't say more than 64 KiB; what the record has beyond that is padding.
  const ipBytes = Math.min(captured - 14, 65_535);
  bytes.writeUInt16BE(0x0800, RECORD_BYTES + 12);
  bytes[ip] = 0x45;
  bytes.writeUInt16BE(ipBytes, ip + 2);
  bytes[ip + 8] = 64;
  bytes[ip + 9] = 17;
  bytes.set([10, 0, 0, 1], ip + 12);
  bytes.set([192, 0, 2, 1 + (flow % 200)], ip + 16);
  bytes.writeUInt16BE(20_000 + flow, ip + 20);
  bytes.writeUInt16BE(443, ip + 22);
  bytes.writeUInt16BE(ipBytes - 20, ip + 24);
  return bytes;
}

/**
 * A capture of about `bytes` bytes with packets of `captured` bytes each, over `flows` streams. Payload is
 * zeros, which take no space on the disk where it is a hole. Gives the path and how many packets there are.
 */
export function sparse(name, { bytes, captured, flows = 50 }) {
  const path = temporary(name);
  const file = openSync(path, 'w');
  const record = RECORD_BYTES + captured;
  const packets = Math.floor((bytes - HEADER_BYTES) / record);
  writeSync(file, fileHeader(), 0, HEADER_BYTES, 0);
  for (let n = 0; n < packets; n++) {
    const content = packet({ millis: n * SPARSE_MILLIS, captured, flow: n % flows });
    writeSync(file, content, 0, content.length, HEADER_BYTES + n * record);
  }
  ftruncateSync(file, HEADER_BYTES + packets * record);
  closeSync(file);
  return { path, packets, bytes: HEADER_BYTES + packets * record };
}

const BLOCK_PACKETS = 10_000;

/** The same for small packets, which leave no holes. */
export function dense(name, { bytes, captured, flows }) {
  const path = temporary(name);
  const file = openSync(path, 'w');
  const record = RECORD_BYTES + captured;
  const packets = Math.floor((bytes - HEADER_BYTES) / record);
  writeSync(file, fileHeader());
  for (let from = 0; from < packets; from += BLOCK_PACKETS) {
    const block = Buffer.alloc(record * Math.min(BLOCK_PACKETS, packets - from));
    for (let n = 0; n * record < block.length; n++) packet({ millis: from + n, captured, flow: (from + n) % flows }).copy(block, n * record);
    writeSync(file, block);
  }
  closeSync(file);
  return { path, packets, bytes: HEADER_BYTES + packets * record };
}
