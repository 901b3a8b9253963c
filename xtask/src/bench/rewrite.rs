//! Gives a copy of a packet addresses of its own without touching a checksum.
//!
//! Two 16-bit words of each outer IP address get +k and −k in one's complement, so the sums over IP, TCP and UDP stay what
//! they were and every copy of a capture brings new streams.

/// Shifts the source and destination of the outermost IPv4 or IPv6 header of an Ethernet frame by `k`.
///
/// Copy 0 is the original. Frames without a whole IP header are left as they are.
pub(super) fn shift_addresses(frame: &mut [u8], k: u16) {
    if k == 0 {
        return;
    }
    let Some((ip, is_ipv6)) = outer_ip(frame) else {
        return;
    };
    if is_ipv6 {
        shift(frame, ip + 8 + 2, ip + 22, k);
        shift(frame, ip + 24 + 2, ip + 38, k);
    } else {
        shift(frame, ip + 12, ip + 14, k);
        shift(frame, ip + 16, ip + 18, k);
    }
}

/// Protocol, ports and addresses of the frame's directed TCP or UDP stream, `None` where the ports are not at hand.
///
/// It serves one purpose: telling how many streams a mix holds. Later fragments, tunnels, MPLS, PPPoE and IPv6 extension
/// headers are ignored, so the count is a lower bound.
pub(super) fn stream_mark(frame: &[u8]) -> Option<[u8; 37]> {
    let (ip, is_ipv6) = outer_ip(frame)?;
    let (protocol, addresses, transport) = if is_ipv6 {
        (frame[ip + 6], &frame[ip + 8..ip + 40], ip + 40)
    } else {
        let is_later_fragment = frame[ip + 6] & 0x1f != 0 || frame[ip + 7] != 0;
        if is_later_fragment {
            return None;
        }
        (frame[ip + 9], &frame[ip + 12..ip + 20], ip + usize::from(frame[ip] & 0x0f) * 4)
    };
    let ports = frame.get(transport..transport + 4)?;
    if !matches!(protocol, 6 | 17) {
        return None;
    }
    let mut mark = [0; 37];
    mark[0] = protocol;
    mark[1..5].copy_from_slice(ports);
    mark[5..5 + addresses.len()].copy_from_slice(addresses);
    Some(mark)
}

/// Where the outer IP header starts behind any VLAN tags, and whether it is version 6.
fn outer_ip(frame: &[u8]) -> Option<(usize, bool)> {
    let mut type_at = 12;
    let ether_type = loop {
        let ether_type = u16::from_be_bytes([*frame.get(type_at)?, *frame.get(type_at + 1)?]);
        if !matches!(ether_type, 0x8100 | 0x88a8) {
            break ether_type;
        }
        type_at += 4;
    };
    let ip = type_at + 2;
    match ether_type {
        0x0800 if frame.len() >= ip + 20 => Some((ip, false)),
        0x86dd if frame.len() >= ip + 40 => Some((ip, true)),
        _ => None,
    }
}

fn shift(frame: &mut [u8], up_at: usize, down_at: usize, k: u16) {
    add_ones_complement(frame, up_at, k);
    add_ones_complement(frame, down_at, !k);
}

fn add_ones_complement(frame: &mut [u8], at: usize, k: u16) {
    let (sum, carry) = u16::from_be_bytes([frame[at], frame[at + 1]]).overflowing_add(k);
    // The carry comes back at the lower end; after an overflow there is room for it.
    frame[at..at + 2].copy_from_slice(&(sum + u16::from(carry)).to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ones_complement_sum(bytes: &[u8]) -> u16 {
        let sum: u32 = bytes.chunks(2).map(|pair| u32::from(pair[0]) << 8 | u32::from(pair[1])).sum();
        let folded = (sum & 0xffff) + (sum >> 16);
        ((folded & 0xffff) + (folded >> 16)) as u16
    }

    fn frame(vlan: bool, is_ipv6: bool) -> Vec<u8> {
        let mut frame = vec![2; 12];
        if vlan {
            frame.extend([0x81, 0x00, 0x00, 0x07]);
        }
        frame.extend(if is_ipv6 { [0x86, 0xdd] } else { [0x08, 0x00] });
        frame.extend((0..48).map(|n: u8| n.wrapping_mul(37) ^ 0xf0));
        frame
    }

    #[test]
    fn the_checksum_of_a_shifted_header_is_the_original_one() {
        for (vlan, is_ipv6) in [(false, false), (true, false), (false, true), (true, true)] {
            for k in [1, 2, 0x00ff, 0x8000, 0xfffe] {
                let original = frame(vlan, is_ipv6);
                let mut shifted = original.clone();
                shift_addresses(&mut shifted, k);
                assert_ne!(shifted, original);
                assert_eq!(ones_complement_sum(&shifted), ones_complement_sum(&original), "k = {k}");
            }
        }
    }

    #[test]
    fn a_frame_cut_inside_its_ip_header_stays_as_it_is() {
        let original = &frame(false, false)[..30];
        let mut shifted = original.to_vec();
        shift_addresses(&mut shifted, 3);
        assert_eq!(shifted, original);
    }
}
