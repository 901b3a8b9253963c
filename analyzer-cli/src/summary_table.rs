//! What an analysis found, for people: a headline and a table per server.
//!
//! In: the totals. Out: text that fits the width. Servers beyond the wanted number are one line.

use crate::table::{Column, Room, lay_out};
use crate::units::{bytes, count, counted, duration, second};
use analyzer_core::Totals;
use analyzer_core::name::Naming;
use analyzer_core::record::Quantiles;
use analyzer_core::summary::{DirectionSummary, ServerKey, ServerSummary};
use std::fmt::Write as _;

/// Kinds of skipped packets that the headline names.
const SKIPS_SHOWN: usize = 4;

/// The whole text.
pub(crate) fn render(name: &str, totals: &Totals, top: usize, width: usize) -> String {
    let server = |key| match key {
        ServerKey::Name(number) => totals.names.name(number).domain.unwrap_or_default().to_owned(),
        // Names that were looked up.
        ServerKey::Address(ip) => match totals.names.server(Naming::NONE, ip).domain {
            Some(domain) => format!("{ip} {domain}"),
            None => ip.to_string(),
        },
    };
    headline(name, totals) + &table(&totals.summary.servers(top), server, top, width)
}

fn headline(name: &str, totals: &Totals) -> String {
    let counters = &totals.counters;
    let capture_bytes: u64 = totals.inputs.iter().map(|input| input.bytes).sum();
    let mut lines = vec![format!(
        "{name}: {} in {}, {} of capture",
        counted(counters.frames, "packet"),
        counted(totals.inputs.len() as u64, "file"),
        bytes(capture_bytes)
    )];
    if let Some((start, end)) = totals.span {
        lines.push(format!("{} to {} UTC ({})", second(start), second(end), duration(end.nanos_since(start))));
    }
    let payload = counters.tcp_payload_bytes.saturating_add(counters.udp_payload_bytes);
    let mut found = format!(
        "{}, {}, {} of payload",
        counted(totals.streams, "stream"),
        counted(totals.objects, "object"),
        bytes(payload)
    );
    if totals.objects > 0 && capture_bytes > 0 {
        let per_gb = u128::from(totals.objects) * 1_000_000_000 / u128::from(capture_bytes);
        let _ = write!(found, "; {} objects per GB of capture", count(u64::try_from(per_gb).unwrap_or(u64::MAX)));
    }
    lines.push(found);
    let mut skips = totals.diagnostics.skips();
    if !skips.is_empty() {
        skips.sort_by_key(|skip| std::cmp::Reverse(skip.packets));
        let shown: Vec<String> = skips
            .iter()
            .take(SKIPS_SHOWN)
            .map(|skip| format!("{} {}: {}", skip.layer, skip.reason.replace('_', " "), count(skip.packets)))
            .collect();
        let more = if skips.len() > SKIPS_SHOWN { ", …" } else { "" };
        lines.push(format!(
            "{} without TCP or UDP ({}{more})",
            counted(skips.iter().map(|skip| skip.packets).sum(), "packet"),
            shown.join(", ")
        ));
    }
    if totals.filtered_packets > 0 {
        lines.push(format!("{} left out by --protocol", counted(totals.filtered_packets, "packet")));
    }
    if !totals.exact {
        lines.push(format!("not exact: {} evicted; raise --max-flows", counted(totals.evicted_streams, "stream")));
    }
    lines.join("\n  ") + "\n"
}

const COLUMNS: [Column; 10] = [
    // An address is cut before it is narrower than this.
    Column::text("server", Room::Cut(15)),
    Column::text("way", Room::Needed),
    Column::number("objects", Room::Needed),
    Column::number("payload", Room::Needed),
    Column::number("median", Room::Needed).below("size"),
    Column::number("p95", Room::Dispensable(3)),
    Column::number("median", Room::Dispensable(2)).below("duration"),
    Column::number("p95", Room::Dispensable(5)),
    Column::number("median", Room::Dispensable(1)).below("gap"),
    Column::number("p95", Room::Dispensable(4)),
];

fn table(servers: &[ServerSummary], server: impl Fn(ServerKey) -> String, top: usize, width: usize) -> String {
    let named: Vec<&ServerSummary> = servers.iter().filter(|server| server.server.is_some()).collect();
    let mut rows = Vec::new();
    for summary in named.iter().take(top) {
        rows.push(row(summary.server.map(&server).unwrap_or_default(), "up", &summary.up));
        rows.push(row(String::new(), "down", &summary.down));
    }
    let mut text = String::new();
    if !rows.is_empty() {
        text.push('\n');
        lay_out(&COLUMNS, &rows, width, &mut text);
    }
    let rest: Vec<&ServerSummary> =
        servers.iter().filter(|server| server.server.is_none()).chain(named.iter().skip(top).copied()).collect();
    if !rest.is_empty() {
        let objects = rest.iter().map(|server| server.up.objects + server.down.objects).sum();
        let payload = rest.iter().map(|server| server.up.payload_bytes + server.down.payload_bytes).sum();
        let more = counted(named.len().saturating_sub(top) as u64, "server");
        let beyond = if servers.iter().any(|server| server.server.is_none()) { " and more" } else { "" };
        let _ = writeln!(text, "others: {more}{beyond}, {}, {}", counted(objects, "object"), bytes(payload));
    }
    text
}

fn row(server: String, way: &str, direction: &DirectionSummary) -> [String; COLUMNS.len()] {
    let shown = |value: Option<u64>, unit: fn(u64) -> String| value.map_or_else(|| "–".to_owned(), unit);
    let Quantiles { p50: size, p95: size_p95, .. } = direction.size_bytes;
    let Quantiles { p50: time, p95: time_p95, .. } = direction.duration_ns;
    let Quantiles { p50: gap, p95: gap_p95, .. } = direction.gap_ns;
    [
        server,
        way.to_owned(),
        count(direction.objects),
        bytes(direction.payload_bytes),
        shown(size, bytes),
        shown(size_p95, bytes),
        shown(time, duration),
        shown(time_p95, duration),
        shown(gap, duration),
        shown(gap_p95, duration),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantiles(p50: u64, p95: u64) -> Quantiles {
        Quantiles { p50: Some(p50), p95: Some(p95), max: Some(p95) }
    }

    fn text(key: ServerKey) -> String {
        match key {
            ServerKey::Address(ip) => ip.to_string(),
            ServerKey::Name(number) => format!("name {}", number.0),
        }
    }

    fn server(ip: &str, objects: u64) -> ServerSummary {
        let direction = DirectionSummary {
            objects,
            payload_bytes: objects * 1_500,
            size_bytes: quantiles(1_420, 123_456),
            duration_ns: quantiles(1_234_567, 999_999_999),
            gap_ns: Quantiles::default(),
        };
        ServerSummary { server: ip.parse().ok().map(ServerKey::Address), streams: 1, up: direction, down: direction }
    }

    #[test]
    fn a_table_is_aligned_and_the_rest_is_one_line() {
        let servers = [server("10.0.0.1", 1_234), server("2001:db8::1", 7), server("10.0.0.3", 2), server("none", 1)];
        let expected = "
                                        size          duration             gap
server       way   objects  payload   median     p95    median     p95  median  p95
10.0.0.1     up      1 234  1.85 MB  1.42 kB  123 kB   1.23 ms  1.00 s       –    –
             down    1 234  1.85 MB  1.42 kB  123 kB   1.23 ms  1.00 s       –    –
2001:db8::1  up          7  10.5 kB  1.42 kB  123 kB   1.23 ms  1.00 s       –    –
             down        7  10.5 kB  1.42 kB  123 kB   1.23 ms  1.00 s       –    –
others: 1 server and more, 6 objects, 9.00 kB
";
        assert_eq!(table(&servers, text, 2, 120), expected);
    }

    #[test]
    fn every_width_is_kept() {
        let servers = [server("2001:db8:1234:5678:9abc:def0:1234:5678", u64::MAX / 4_000), server("10.0.0.1", 3)];
        for width in [60, 80, 100, 120, 200] {
            let text = table(&servers, text, 20, width);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= width.max(72), "{widest} columns of {width}:\n{text}");
            assert!(text.contains("10.0.0.1"));
        }
    }

    #[test]
    fn nothing_is_an_empty_table() {
        assert_eq!(table(&[], text, 20, 120), "");
    }
}
