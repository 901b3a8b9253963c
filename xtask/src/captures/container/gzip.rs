//! gzip (RFC 1952), written here because its bytes must stay the same: a library may find other matches in its next
//! version or on another processor.

use crate::captures::crc32::crc32;
use std::collections::HashMap;

const SHORTEST_MATCH: usize = 4;
const LONGEST_MATCH: usize = 258;
const WINDOW_BYTES: usize = 32_768;

/// One gzip member without name and time.
pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    bytes.extend(deflate(content));
    bytes.extend(crc32(content).to_le_bytes());
    bytes.extend((content.len() as u32).to_le_bytes());
    bytes
}

/// One block with the fixed codes of RFC 1951 §3.2.6; each match is taken from the last place that began alike.
fn deflate(content: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0b011, 3); // the last block, fixed codes
    let mut last_seen: HashMap<&[u8], usize> = HashMap::new();
    let mut position = 0;
    while position < content.len() {
        let beginning = content.get(position..position + SHORTEST_MATCH);
        let candidate = beginning.and_then(|beginning| last_seen.get(beginning)).copied();
        let step = match candidate.filter(|&earlier| position - earlier <= WINDOW_BYTES) {
            Some(earlier) => {
                let length = common_bytes(content, earlier, position);
                bits.put_match(length, position - earlier);
                length
            }
            None => {
                bits.put_symbol(content[position].into());
                1
            }
        };
        for place in position..position + step {
            if let Some(beginning) = content.get(place..place + SHORTEST_MATCH) {
                last_seen.insert(beginning, place);
            }
        }
        position += step;
    }
    bits.put_symbol(256); // the end of the block
    bits.bytes
}

fn common_bytes(content: &[u8], earlier: usize, later: usize) -> usize {
    content[earlier..].iter().zip(&content[later..]).take(LONGEST_MATCH).take_while(|(a, b)| a == b).count()
}

/// The shortest length of each length code from 257 on, and how many bits tell the rest (RFC 1951 §3.2.5).
#[rustfmt::skip]
const LENGTHS: [(usize, u32); 29] = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1),
    (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4),
    (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
];

/// Bits, the lowest of each byte first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    /// Appends the lowest `count` bits of `value`, the lowest one first.
    fn put(&mut self, value: usize, count: u32) {
        for bit in 0..count {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let byte = self.bytes.last_mut().expect("one was pushed for the first bit");
            *byte |= ((value >> bit & 1) as u8) << (self.used % 8);
            self.used += 1;
        }
    }

    /// Appends a code word: these begin with their highest bit.
    fn put_code(&mut self, code: usize, count: u32) {
        for bit in (0..count).rev() {
            self.put(code >> bit, 1);
        }
    }

    /// A literal or length symbol in the fixed code.
    fn put_symbol(&mut self, symbol: usize) {
        match symbol {
            0..144 => self.put_code(0x30 + symbol, 8),
            144..256 => self.put_code(0x190 + symbol - 144, 9),
            256..280 => self.put_code(symbol - 256, 7),
            _ => self.put_code(0xc0 + symbol - 280, 8),
        }
    }

    fn put_match(&mut self, length: usize, distance: usize) {
        let index = LENGTHS.partition_point(|&(shortest, _)| shortest <= length) - 1;
        let (shortest, extra_bits) = LENGTHS[index];
        self.put_symbol(257 + index);
        self.put(length - shortest, extra_bits);
        // Two distance codes for each power of two above 2: the highest bit and the one below it tell the code.
        let rest = distance - 1;
        let extra_bits = if rest < 4 { 0 } else { rest.ilog2() - 1 };
        self.put_code(2 * extra_bits as usize + (rest >> extra_bits), 5);
        self.put(rest & ((1 << extra_bits) - 1), extra_bits);
    }
}
