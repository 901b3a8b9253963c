//! The objects that a capture is known to hold: `NAME.truth.csv` beside `NAME.pcap.gz`.
//!
//! In: the text of a truth file. Out: for each stream and direction its true objects, in order. The columns are
//! described in `tests/captures/truth/README.md`.

use analyzer_core::decode::{Endpoint, Transport};
use analyzer_core::flow::Direction;
use analyzer_core::time::Timestamp;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A stream as truth files name it: transport, client, server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StreamName {
    pub(super) transport: Transport,
    pub(super) client: Endpoint,
    pub(super) server: Endpoint,
}

/// One true object.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrueObject {
    /// First payload byte of the direction, and one past the last.
    pub(super) first: u64,
    pub(super) last: u64,
    /// First and last packet.
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
}

/// The true objects of a capture.
#[derive(Debug, Default)]
pub(super) struct Truth {
    pub(super) objects: BTreeMap<(StreamName, Direction), Vec<TrueObject>>,
}

impl Truth {
    /// Reads the text of a truth file.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let column = |name: &str| {
            header.iter().position(|field| *field == name).with_context(|| format!("column `{name}` is missing"))
        };
        let [stream, dir, start, end, first, last] = [
            column("stream")?,
            column("dir")?,
            column("start_ns")?,
            column("end_ns")?,
            column("first")?,
            column("last")?,
        ];
        let mut truth = Self::default();
        for (number, line) in (2..).zip(lines).filter(|(_, line)| !line.is_empty()) {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |at: usize| cells.get(at).copied().with_context(|| format!("line {number} is too short"));
            let integer = |at: usize| -> Result<i64> {
                cell(at)?.parse().with_context(|| format!("line {number}: `{}` is no integer", cells[at]))
            };
            let offset = |at: usize| -> Result<u64> { Ok(u64::try_from(integer(at)?)?) };
            let direction = match cell(dir)? {
                "up" => Direction::Up,
                "down" => Direction::Down,
                other => bail!("line {number}: direction `{other}` is neither up nor down"),
            };
            let name = StreamName::parse(cell(stream)?).with_context(|| format!("line {number}"))?;
            truth.objects.entry((name, direction)).or_default().push(TrueObject {
                first: offset(first)?,
                last: offset(last)?,
                start: Timestamp::from_nanos(integer(start)?),
                end: Timestamp::from_nanos(integer(end)?),
            });
        }
        for objects in truth.objects.values_mut() {
            objects.sort_by_key(|object| (object.first, object.last));
        }
        Ok(truth)
    }

    /// Whether a stream has any true object.
    pub(super) fn knows(&self, name: StreamName) -> bool {
        Direction::BOTH.iter().any(|direction| self.objects.contains_key(&(name, *direction)))
    }
}

impl StreamName {
    /// `tcp 10.66.0.2:52924 203.0.113.20:8443`, IPv6 addresses in brackets.
    fn parse(text: &str) -> Result<Self> {
        let mut words = text.split(' ');
        let transport = match words.next() {
            Some("tcp") => Transport::Tcp,
            Some("udp") => Transport::Udp,
            _ => bail!("stream `{text}` begins with neither tcp nor udp"),
        };
        let mut end = || -> Result<Endpoint> {
            let address: SocketAddr =
                words.next().unwrap_or_default().parse().with_context(|| format!("stream `{text}`"))?;
            Ok(Endpoint { ip: address.ip(), port: address.port() })
        };
        Ok(Self { transport, client: end()?, server: end()? })
    }
}
