//! Models to attributes of ns-3, and objects to traces for it.
//!
//! In: a model, and rows. Out: a file for `ConfigStore` for each group, which makes `ThreeGppHttpClient` and its server
//! behave alike; with rows, traces of the streams with most objects for `UdpTraceClient`. Guaranteed: values that the
//! checks and loops of ns-3 accept.
//!
//! Sources: `three-gpp-http-variables.cc` and `udp-trace-client.cc` in
//! <https://gitlab.com/nsnam/ns-3-dev/-/tree/master/src/applications/model>, and `raw-text-config.cc` in
//! `src/config-store/model` there.

use super::{ExportFile, names, replay};
use crate::flow::Direction;
use crate::model::{Group, Model, Rows, Stream, Variable};
use std::fmt::Write as _;

/// The least that `MainObjectSizeMin` may be.
const LEAST: u64 = 22;

/// Attributes of each group, and traces.
pub(super) fn files(model: &Model, rows: Option<&Rows>) -> Vec<ExportFile> {
    let names = names::identifiers(model);
    let attributes = model.groups.iter().zip(&names).map(|(group, name)| attributes(group, name));
    let streams = rows.map(replay::busiest).unwrap_or_default();
    let traces = streams.iter().enumerate().flat_map(|(at, stream)| {
        Direction::BOTH.into_iter().filter_map(move |direction| trace(at + 1, stream, direction))
    });
    attributes.chain(traces).collect()
}

/// The web model with every object a main object: requests and replies alternate, and a user reads in between.
///
/// Sizes are lognormal in ns-3, whatever fits best; it takes their mean and deviation.
fn attributes(group: &Group, name: &str) -> ExportFile {
    let mut content = format!("# {}\n", names::plain(&group.key));
    let mut put = |attribute: &str, value: String| {
        let _ = writeln!(content, "default ns3::ThreeGppHttpVariables::{attribute} \"{value}\"");
    };
    let Group { up, down, .. } = group;
    put("RequestSize", size(up.size_bytes.mean).max(1).to_string());
    let mean = size(down.size_bytes.mean).max(LEAST + 1);
    put("MainObjectSizeMean", mean.to_string());
    put("MainObjectSizeStdDev", size(deviation(&down.size_bytes)).to_string());
    // A size is drawn until it is at least the minimum and below the maximum. Without deviation a draw is the mean or,
    // by rounding, one less, and must be within.
    let least = down.size_bytes.min.map_or(LEAST, |min| size(Some(min))).min(mean - 1).max(LEAST);
    let greatest = size(down.size_bytes.max).max(mean).saturating_add(1).min(u64::from(u32::MAX));
    put("MainObjectSizeMin", least.to_string());
    put("MainObjectSizeMax", greatest.to_string());
    put("MainObjectGenerationDelay", time(&down.think_time_s));
    // A Pareto number from 1 up to 2, cut to a whole one and less 1: a page has no embedded objects.
    put("NumOfEmbeddedObjectsMax", "2".to_owned());
    put("NumOfEmbeddedObjectsShape", "1.1".to_owned());
    put("NumOfEmbeddedObjectsScale", "1".to_owned());
    put("ReadingTimeMean", time(&up.think_time_s));
    put("ParsingTimeMean", "+0ns".to_owned());
    ExportFile { name: format!("ns3-{name}.txt"), content }
}

/// Whole bytes that ns-3 can hold.
fn size(bytes: Option<f64>) -> u64 {
    (bytes.unwrap_or(0.0).round() as u64).min(u64::from(u32::MAX) - 1)
}

fn time(variable: &Variable) -> String {
    format!("+{}ns", (variable.mean.unwrap_or(0.0) * 1e9).round() as u64)
}

/// The standard deviation of sizes, from the bins.
fn deviation(sizes: &Variable) -> Option<f64> {
    let mean = sizes.bins.mean()?;
    let squares = sizes.bins.points().map(|(bytes, count)| (bytes as f64 - mean).powi(2) * count as f64);
    Some((squares.sum::<f64>() / sizes.bins.count() as f64).sqrt())
}

/// The objects of one direction: number, type of frame, ms, bytes.
///
/// Numbers begin with 1, because the reader passes over those that equal the one before, which is 0 at first. Times do
/// as well: an object at 0 would be sent again after the last one. All are P frames: the times of B frames are ignored.
/// The last line has no end: the reader of newer versions, 3.46 for one, would take what follows for one more line, and stop.
fn trace(number: usize, stream: &Stream<'_>, direction: Direction) -> Option<ExportFile> {
    let origin = stream.objects.first()?.start;
    let sent = stream.objects.iter().filter(|object| object.direction == direction && object.payload_bytes > 0);
    let lines = sent.take(replay::OBJECTS).enumerate().map(|(at, object)| {
        let greatest = u64::from(u32::MAX);
        let ms = (object.start.nanos_since(origin) / 1_000_000 + 1).min(greatest);
        format!("{} P {ms} {}", at + 1, object.payload_bytes.min(greatest))
    });
    let content = lines.collect::<Vec<String>>().join("\n");
    let side = if direction == Direction::Up { "up" } else { "down" };
    (!content.is_empty()).then(|| ExportFile { name: format!("ns3-trace-{number}-{side}.dat"), content })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::export::fixture;
    use crate::model::{Histogram, Unit};
    use std::collections::BTreeMap;

    /// Reads lines as `RawTextConfigLoad` does: attribute to value.
    fn read(text: &str) -> BTreeMap<String, String> {
        let line = |line: &str| {
            let rest = line.strip_prefix("default ns3::ThreeGppHttpVariables::").unwrap();
            let (name, value) = rest.split_once(' ').unwrap();
            assert_eq!(value.matches('"').count(), 2, "{line}");
            (name.to_owned(), value.strip_prefix('"').unwrap().strip_suffix('"').unwrap().to_owned())
        };
        text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
    }

    fn number(read: &BTreeMap<String, String>, name: &str) -> f64 {
        read[name].trim_start_matches('+').trim_end_matches("ns").parse().unwrap()
    }

    #[test]
    fn attributes_are_those_of_the_model() {
        let model = fixture::model();
        let files = files(&model, None);
        assert_eq!(files.len(), 3);
        assert_eq!(files[0].name, "ns3-video_example.txt");
        let read = read(&files[0].content);
        let Group { up, down, .. } = &model.groups[0];
        assert_eq!(number(&read, "RequestSize"), up.size_bytes.mean.unwrap());
        assert_eq!(number(&read, "MainObjectSizeMean"), down.size_bytes.mean.unwrap());
        assert_eq!(number(&read, "MainObjectSizeMin"), down.size_bytes.min.unwrap());
        assert_eq!(number(&read, "MainObjectSizeMax"), down.size_bytes.max.unwrap() + 1.0);
        // 50, 100 and 150 kB: √(2/3) of 50 kB, as near as the bins are.
        assert!((number(&read, "MainObjectSizeStdDev") - 40_825.0).abs() < 400.0);
        assert_eq!(number(&read, "ReadingTimeMean"), up.think_time_s.mean.unwrap() * 1e9);
        let delay = down.think_time_s.mean.unwrap() * 1e9;
        assert!((number(&read, "MainObjectGenerationDelay") - delay).abs() < 1.0);
    }

    #[test]
    fn ns3_finds_a_size_within_its_limits_for_any_sizes() {
        let cases: [&[u64]; 6] = [&[], &[0], &[1, 5], &[22], &[1_000; 40], &[u64::MAX, 1]];
        for sizes in cases {
            let mut model = fixture::model();
            let mut bins = Histogram::default();
            sizes.iter().for_each(|size| bins.add(*size));
            model.groups[0].down.size_bytes = Variable::of(Unit::Byte, bins);
            let read = read(&files(&model, None)[0].content);
            let [mean, min, max] = ["Mean", "Min", "Max"].map(|of| number(&read, &format!("MainObjectSize{of}")));
            assert!(
                min >= 22.0 && min <= mean - 1.0 && mean < max && max <= f64::from(u32::MAX),
                "{sizes:?}: {read:?}"
            );
            assert!(number(&read, "MainObjectSizeStdDev") <= f64::from(u32::MAX));
            let [scale, bound] = ["Scale", "Max"].map(|of| number(&read, &format!("NumOfEmbeddedObjects{of}")));
            assert!(scale > 0.0 && bound > scale);
        }
    }

    #[test]
    fn traces_have_every_object_and_times_from_1_ms() {
        let files = files(&fixture::model(), Some(&fixture::rows()));
        let traces: BTreeMap<&str, Vec<(u32, char, u32, u32)>> = files[3..]
            .iter()
            .map(|file| {
                let line = |line: &str| {
                    let [index, kind, ms, bytes] = line.split(' ').collect::<Vec<&str>>().try_into().unwrap();
                    let number = |text: &str| text.parse().unwrap();
                    (number(index), kind.parse().unwrap(), number(ms), number(bytes))
                };
                (file.name.as_str(), file.content.lines().map(line).collect())
            })
            .collect();
        assert_eq!(traces.len(), 7);
        assert!(files[3..].iter().all(|file| !file.content.ends_with('\n')));
        assert_eq!(traces["ns3-trace-1-up.dat"], [(1, 'P', 1, 300), (2, 'P', 4_001, 500)]);
        assert_eq!(traces["ns3-trace-1-down.dat"], [(1, 'P', 51, 50_000), (2, 'P', 4_151, 150_000)]);
        assert!(!traces.contains_key("ns3-trace-3-down.dat"));
    }
}
