//! One capture with its truth, scored by one method.
//!
//! In: a capture and its truth file. Out: the measures of a method on it, or on what a bad recorder would have left of
//! it. Packets are compared, so that a match means the same bytes at the same time and not just the same number of
//! bytes: each packet's new bytes belong to the true object that holds most of its payload and to the found object
//! that got most of it. A true object that holds the most of no packet can't be told at this resolution, and is left out.

use super::capture::{Degradation, Packets};
use super::matching::{self, Scores, Share};
use super::truth::{StreamName, TrueObject, Truth};
use analyzer_core::flow::Direction;
use analyzer_core::record::PacketRecord;
use analyzer_core::{Analyzer, Config, GapMeter, Method, Sink};
use anyhow::{Context, Result};

/// Collects packet records.
#[derive(Default)]
struct PacketSink(Vec<PacketRecord>);

impl Sink for PacketSink {
    fn packet(&mut self, packet: &PacketRecord) {
        if packet.payload_bytes > 0 {
            self.0.push(packet.clone());
        }
    }
}

/// One capture with its truth.
pub(super) struct Case {
    packets: Packets,
    truth: Truth,
    /// For each frame, the true object that holds most of its payload. Made from the whole capture, so that it also
    /// holds for a degraded one.
    labels: Vec<Option<usize>>,
}

impl Case {
    /// Takes a decompressed capture and the text of its truth file.
    pub(super) fn new(capture: &[u8], truth: &str) -> Result<Self> {
        let packets = Packets::read(capture)?;
        let truth = Truth::parse(truth)?;
        let numbers = packets.kept(Degradation::default());
        let records = analyze(&packets.to_pcap(&numbers), &Config::default())?;
        let mut case = Self { packets, truth, labels: vec![None; numbers.len() + 1] };
        for packet in &records {
            case.labels[packet.number as usize] = case.label(packet);
        }
        Ok(case)
    }

    /// The true object that holds most of a packet's payload.
    fn label(&self, packet: &PacketRecord) -> Option<usize> {
        let objects = self.truth.objects.get(&self.lane(packet)?)?;
        let Some(first) = packet.payload_offset else {
            // Datagrams are labelled by time, so that lost ones do not matter.
            return objects.iter().position(|object| (object.start..=object.end).contains(&packet.timestamp));
        };
        let last = first + packet.payload_bytes;
        let shared = |object: &TrueObject| object.last.min(last).saturating_sub(object.first.max(first));
        // Of equals the first.
        let (at, object) = objects.iter().enumerate().rev().max_by_key(|(_, object)| shared(object))?;
        (shared(object) > 0).then_some(at)
    }

    /// The stream and direction of a packet as the truth names them, whoever was taken for the client.
    fn lane(&self, packet: &PacketRecord) -> Option<(StreamName, Direction)> {
        let stream = &packet.stream;
        let name = StreamName { transport: stream.transport, client: stream.client, server: stream.server };
        let turned = StreamName { client: stream.server, server: stream.client, ..name };
        if self.truth.knows(name) {
            Some((name, packet.direction))
        } else {
            self.truth.knows(turned).then_some((turned, packet.direction.opposite()))
        }
    }

    /// Scores a method.
    pub(super) fn score(&self, config: &Config, degradation: Degradation) -> Result<Scores> {
        let numbers = self.packets.kept(degradation);
        let records = analyze(&self.packets.to_pcap(&numbers), config)?;
        let mut shares = Vec::new();
        for packet in &records {
            let (Some((name, direction)), Some(object)) = (self.lane(packet), packet.object_index) else { continue };
            let Some(true_object) = self.labels[numbers[packet.number as usize - 1] as usize] else { continue };
            let new_bytes = packet.payload_bytes - packet.retransmitted_bytes;
            let mostly_before = packet.previous_object_bytes * 2 > new_bytes;
            shares.push(Share {
                name,
                direction,
                true_object,
                found: (packet.stream.id, object - u64::from(mostly_before)),
                bytes: new_bytes as f64,
                timestamp: packet.timestamp,
            });
        }
        Ok(matching::score(&shares))
    }
}

/// The packet records of a capture in memory.
fn analyze(pcap: &[u8], config: &Config) -> Result<Vec<PacketRecord>> {
    let config = Config { packets: true, ..config.clone() };
    let mut analyzer = if config.method == Method::MeanGap {
        let mut meter = GapMeter::new(config.clone())?;
        meter.begin_input("");
        meter.push(pcap)?;
        Analyzer::with_mean_gaps(config, meter.finish())?
    } else {
        Analyzer::new(config)?
    };
    let mut sink = PacketSink::default();
    analyzer.begin_input("");
    analyzer.push(pcap, &mut sink).context("a capture made for scoring")?;
    analyzer.finish(&mut sink);
    Ok(sink.0)
}
