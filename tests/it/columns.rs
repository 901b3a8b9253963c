//! The columns that the page draws from are the records, row by row, whenever they are taken.

use crate::support::{File, capture_files, captures, config};
use analyzer_core::decode::Transport;
use analyzer_core::flow::Direction;
use analyzer_core::name::NameSource;
use analyzer_core::object::EndReason;
use analyzer_core::record::StreamIdentity;
use analyzer_core::sink::columns::{BinColumns, Columns, ObjectColumns, StreamColumns, StreamEndColumns};
use analyzer_core::sink::{Both, MemorySink};
use analyzer_core::summary::bin_of;
use analyzer_core::time::Timestamp;
use analyzer_core::{Analyzer, Config};
use std::net::IpAddr;

/// Everything that was taken, put together again.
#[derive(Default)]
struct Taken {
    objects: ObjectColumns,
    streams: StreamColumns,
    stream_ends: StreamEndColumns,
    bins: BinColumns,
    addresses: Vec<IpAddr>,
}

/// Appends columns to columns; one that is not named is an error of the compiler.
macro_rules! append {
    ($to:expr, $from:expr, $kind:ident { $( $field:ident ),* $(,)? }) => {
        let $kind { $( $field ),* } = $from;
        $( $to.$field.extend($field); )*
    };
}

impl Taken {
    fn take(&mut self, columns: &mut Columns, origin: Timestamp) {
        append!(
            self.objects,
            columns.take_objects(origin),
            ObjectColumns {
                stream,
                flags,
                start_ns,
                duration_ns,
                payload_bytes,
                retransmitted_bytes,
                packets,
                gap_before_ns,
                index,
            }
        );
        append!(
            self.streams,
            columns.take_streams(),
            StreamColumns { id, transport, client, client_port, server, server_port, name }
        );
        append!(
            self.stream_ends,
            columns.take_stream_ends(origin),
            StreamEndColumns {
                stream,
                name,
                name_source,
                start_ns,
                duration_ns,
                end_reason,
                client_rtt_ns,
                server_rtt_ns,
                objects_up,
                objects_down,
                payload_bytes_up,
                payload_bytes_down,
                packets,
            }
        );
        append!(self.bins, columns.take_bins(origin), BinColumns { stream, flags, start_ns, payload_bytes });
        self.addresses.extend(columns.take_addresses());
    }

    /// Whether a row of `streams` is this stream.
    fn is(&self, row: u32, stream: &StreamIdentity) -> bool {
        let row = row as usize;
        let address = |number: &[u32]| self.addresses[number[row] as usize];
        self.streams.id[row] == stream.id as f64
            && self.streams.transport[row] == stream.transport as u8
            && (address(&self.streams.client), self.streams.client_port[row]) == (stream.client.ip, stream.client.port)
            && (address(&self.streams.server), self.streams.server_port[row]) == (stream.server.ip, stream.server.port)
    }
}

#[test]
fn columns_are_the_records() {
    let mut rows = 0;
    for folder in ["truth/real", "truth/lab", "conventions"] {
        for path in capture_files(&captures(folder)) {
            let file = File::read(&path);
            for chunk_bytes in [10_000, usize::MAX] {
                rows += check(&file, chunk_bytes);
            }
        }
    }
    assert!(rows > 10_000, "{rows} rows");
}

fn check(file: &File, chunk_bytes: usize) -> usize {
    let mut sink = Both(MemorySink::default(), Columns::default());
    let mut taken = Taken::default();
    let mut analyzer = Analyzer::new(Config::default()).expect("the defaults work");
    analyzer.begin_input(&file.name);
    for chunk in file.bytes.chunks(chunk_bytes) {
        drop(analyzer.push(chunk, &mut sink));
        if let Some(origin) = analyzer.start() {
            taken.take(&mut sink.1, origin);
        }
    }
    let origin = analyzer.start();
    drop(analyzer.finish(&mut sink));
    let Both(records, mut columns) = sink;
    // Without packets there is nothing to take.
    let origin = origin.unwrap_or_default();
    taken.take(&mut columns, origin);
    let name = &file.name;
    let offset = |time: Timestamp| (time.as_nanos() - origin.as_nanos()) as f64;
    let optional = |nanos: Option<u64>| nanos.map_or(f64::NAN, |nanos| nanos as f64).to_bits();
    let down = |direction: Direction| u8::from(direction == Direction::Down);

    assert_eq!(taken.objects.index.len(), records.objects.len(), "{name}");
    for (row, object) in records.objects.iter().enumerate() {
        let columns = &taken.objects;
        assert!(taken.is(columns.stream[row], &object.stream), "{name}: object {row}");
        let flags = columns.flags[row];
        assert_eq!(flags & 1, down(object.direction), "{name}: object {row}");
        assert_eq!(flags & 2 != 0, object.multiplexed, "{name}: object {row}");
        assert_eq!(EndReason::ALL[usize::from(flags >> 2)], object.end_reason, "{name}: object {row}");
        let numbers = [columns.start_ns[row], columns.duration_ns[row], columns.payload_bytes[row]];
        let duration_ns = object.end.nanos_since(object.start) as f64;
        assert_eq!(numbers, [offset(object.start), duration_ns, object.payload_bytes as f64], "{name}: object {row}");
        assert_eq!(columns.retransmitted_bytes[row], object.retransmitted_bytes as f64, "{name}: object {row}");
        let counts = [columns.packets[row], columns.index[row]].map(u64::from);
        assert_eq!(counts, [object.packets, object.index], "{name}: object {row}");
        assert_eq!(columns.gap_before_ns[row].to_bits(), optional(object.gap_before_ns), "{name}: object {row}");
    }

    assert_eq!(taken.stream_ends.stream.len(), records.streams.len(), "{name}");
    for (row, stream) in records.streams.iter().enumerate() {
        let columns = &taken.stream_ends;
        assert!(taken.is(columns.stream[row], &stream.stream), "{name}: stream {row}");
        let numbers = [columns.start_ns[row], columns.duration_ns[row], columns.packets[row]];
        let duration_ns = stream.end.nanos_since(stream.start) as f64;
        let packets = (stream.up.packets + stream.down.packets) as f64;
        assert_eq!(numbers, [offset(stream.start), duration_ns, packets], "{name}: stream {row}");
        assert_eq!(EndReason::ALL[usize::from(columns.end_reason[row])], stream.end_reason, "{name}: stream {row}");
        let naming = stream.stream.naming;
        assert_eq!(columns.name[row], naming.name.0, "{name}: stream {row}");
        assert_eq!(NameSource::ALL[usize::from(columns.name_source[row])], naming.source, "{name}: stream {row}");
        let round_trips = [columns.client_rtt_ns[row], columns.server_rtt_ns[row]].map(f64::to_bits);
        assert_eq!(round_trips, [stream.client_rtt_ns, stream.server_rtt_ns].map(optional), "{name}: stream {row}");
        let objects = [columns.objects_up[row], columns.objects_down[row]].map(u64::from);
        assert_eq!(objects, [stream.up.objects, stream.down.objects], "{name}: stream {row}");
        let bytes = [columns.payload_bytes_up[row], columns.payload_bytes_down[row]];
        let expected = [stream.up.payload_bytes as f64, stream.down.payload_bytes as f64];
        assert_eq!(bytes, expected, "{name}: stream {row}");
    }

    assert_eq!(taken.bins.stream.len(), records.bins.len(), "{name}");
    for (row, bin) in records.bins.iter().enumerate() {
        let columns = &taken.bins;
        assert!(taken.is(columns.stream[row], &bin.stream), "{name}: bin {row}");
        assert_eq!(columns.flags[row], down(bin.direction), "{name}: bin {row}");
        let numbers = [columns.start_ns[row], columns.payload_bytes[row]];
        assert_eq!(numbers, [offset(bin.start), bin.payload_bytes as f64], "{name}: bin {row}");
    }
    records.objects.len() + records.streams.len() + records.bins.len()
}

/// The counted gaps are those of packet mode, where packets with payload alone are looked at.
#[test]
fn gaps_between_packets_with_payload_are_counted() {
    let file = File::read(&captures("truth/real/news-nginx-h2.pcap.gz"));
    let mut sink = Both(MemorySink::default(), Columns::default());
    let mut analyzer = Analyzer::new(Config { packets: true, ..config("exchange") }).expect("it works");
    analyzer.begin_input(&file.name);
    analyzer.push(&file.bytes, &mut sink).expect("a good capture");
    drop(analyzer.finish(&mut sink));
    let Both(records, columns) = sink;
    for transport in [Transport::Tcp, Transport::Udp] {
        for direction in Direction::BOTH {
            let mut expected = vec![0_u32; columns.gaps().of(direction, transport).len()];
            let mut last = std::collections::HashMap::new();
            for packet in records.packets.iter().filter(|packet| packet.payload_bytes > 0) {
                if packet.stream.transport == transport
                    && packet.direction == direction
                    && let Some(last) = last.insert(packet.stream.id, packet.timestamp)
                {
                    expected[usize::from(bin_of(packet.timestamp.nanos_since(last)))] += 1;
                }
            }
            assert_eq!(columns.gaps().of(direction, transport), expected, "{transport:?} {direction:?}");
            assert_eq!(expected.iter().sum::<u32>() > 100, transport == Transport::Tcp, "{transport:?} {direction:?}");
        }
    }
}
