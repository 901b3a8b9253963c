//! What surrounds IP on Ethernet, and what a snapshot length cuts away, must not change a count.

use crate::captures::case::{Case, Recording};
use crate::captures::packet::ip::{ipv4, ipv6, protocol::TCP, protocol::UDP};
use crate::captures::packet::link::{ether_type::IPV4, ether_type::IPV6, ethernet, padded, with_fcs};
use crate::captures::packet::transport::{Tcp, tcp, udp};

pub(super) fn cases() -> Vec<Case> {
    vec![padding(), frame_check_sequence(), snaplen(), snaplen_in_options(), snaplen_in_header(), no_bytes()]
}

fn padding() -> Case {
    Recording::ethernet()
        .tcp(0, padded(ethernet(IPV4, &ipv4(TCP, &tcp(0)))))
        .tcp(1, padded(ethernet(IPV4, &ipv4(TCP, &tcp(1)))))
        .udp(5, padded(ethernet(IPV4, &ipv4(UDP, &udp(5)))))
        .streams(2)
        .case("ethernet_padding_not_counted.pcap", "The zeros that fill a short frame to 60 bytes are no payload")
}

fn frame_check_sequence() -> Case {
    Recording::ethernet()
        .tcp(100, with_fcs(ethernet(IPV4, &ipv4(TCP, &tcp(100)))))
        .udp(50, with_fcs(ethernet(IPV6, &ipv6(UDP, &udp(50)))))
        .tcp(0, with_fcs(padded(ethernet(IPV4, &ipv4(TCP, &tcp(0))))))
        .streams(2)
        .case("ethernet_fcs_not_counted.pcap", "Four bytes of frame check sequence behind the frame are no payload")
}

fn snaplen() -> Case {
    Recording::ethernet()
        .tcp(1_400, ethernet(IPV4, &ipv4(TCP, &tcp(1_400))))
        .snapped(96)
        .udp(1_000, ethernet(IPV4, &ipv4(UDP, &udp(1_000))))
        .snapped(96)
        .tcp(1_300, ethernet(IPV6, &ipv6(TCP, &tcp(1_300))))
        .snapped(96)
        .tcp(700, ethernet(IPV4, &ipv4(TCP, &tcp(700))))
        .snapped(54) // Nothing but headers: what a careful recorder keeps.
        .udp(8, ethernet(IPV4, &ipv4(UDP, &udp(8))))
        .streams(3)
        .case("snaplen_keeps_wire_payload.pcap", "A packet that the snaplen cut keeps the payload it had on the wire")
}

/// RFC 7323 timestamps between two no-operations.
const TIMESTAMPS: &[u8] = &[1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2];

fn snaplen_in_options() -> Case {
    let segment = Tcp { options: TIMESTAMPS, ..Tcp::default() }.carry(&[0; 500]);
    Recording::ethernet()
        .tcp(500, ethernet(IPV4, &ipv4(TCP, &segment)))
        .snapped(64)
        .tcp(500, ethernet(IPV4, &ipv4(TCP, &segment)))
        .streams(1)
        .case("snaplen_in_tcp_options.pcap", "Cut TCP options do not matter: the fixed header tells ports and lengths")
}

fn snaplen_in_header() -> Case {
    let tcp_frame = ethernet(IPV4, &ipv4(TCP, &tcp(200)));
    let udp_frame = ethernet(IPV4, &ipv4(UDP, &udp(200)));
    Recording::ethernet()
        .other(tcp_frame.clone())
        .snapped(14 + 20 + 19)
        .other(udp_frame.clone())
        .snapped(14 + 20 + 7)
        .other(udp_frame)
        .snapped(14 + 12)
        .other(ethernet(IPV6, &ipv6(TCP, &tcp(200))))
        .snapped(14 + 39)
        .other(tcp_frame.clone())
        .snapped(13)
        .tcp(200, tcp_frame)
        .streams(1)
        .case("snaplen_cuts_header_is_other.pcap", "Where the snaplen cut a header there is no stream to count for")
        .tshark(
            "counts the TCP header cut after 19 bytes and the UDP header cut after 7, as it shows ports and lengths",
        )
}

fn no_bytes() -> Case {
    let frame = ethernet(IPV4, &ipv4(TCP, &tcp(10)));
    Recording::ethernet()
        .other(Vec::new())
        .other(Vec::new())
        .wire_bytes(60)
        .tcp(10, frame)
        .streams(1)
        .case("record_without_bytes_is_other.pcap", "A record without captured bytes is a frame like others")
}
