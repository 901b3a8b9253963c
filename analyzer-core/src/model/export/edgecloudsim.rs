//! Models to `applications.xml` of `EdgeCloudSim`.
//!
//! In: a model, and rows. Out: an application for each group: a task is a request and its reply. Guaranteed: every
//! element its parser wants; percentages that sum up to 100, and means above 0, because it draws from exponentials. What
//! traffic does not tell has a default, and a comment says so.
//!
//! Sources: <https://github.com/CagataySonmez/EdgeCloudSim>, `core/SimSettings.java` (elements and units),
//! `task_generator/IdleActiveLoadGenerator.java` (periods) and `network/MM1Queue.java` (a KB is 1000 bytes).

use super::{ExportFile, names, replay};
use crate::model::significant::significant;
use crate::model::{Group, Model, Rows, Variable};
use std::fmt::Write as _;

/// What traffic does not tell: element and default.
const DEFAULTS: [(&str, &str); 7] = [
    ("prob_cloud_selection", "20"),
    ("delay_sensitivity", "0"),
    ("task_length", "1000"),
    ("required_core", "1"),
    ("vm_utilization_on_edge", "10"),
    ("vm_utilization_on_cloud", "1"),
    ("vm_utilization_on_mobile", "0"),
];
/// Seconds between tasks where there was one a stream.
const INTERARRIVAL_S: f64 = 1.0;
/// Seconds between a client's streams where the model alone is known.
const IDLE_S: f64 = 60.0;
/// Nothing that is drawn from an exponential may have a mean of 0.
const LEAST: f64 = 0.001;

/// `applications.xml`.
pub(super) fn file(model: &Model, rows: Option<&Rows>) -> ExportFile {
    let pauses = rows.map(replay::pauses).unwrap_or_default();
    let names = names::unique(model.groups.iter().map(|group| text(&group.key)));
    let percentages = percentages(&model.groups.iter().map(|group| group.streams).collect::<Vec<u64>>());
    let mut content = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<applications>\n");
    for ((group, name), percentage) in model.groups.iter().zip(&names).zip(percentages) {
        let _ = writeln!(content, "\t<application name=\"{}\">", escaped(name));
        let _ = writeln!(content, "\t\t<usage_percentage>{percentage}</usage_percentage>");
        put_application(group, pauses.get(group.key.as_str()), &mut content);
        content.push_str("\t</application>\n");
    }
    content.push_str("</applications>\n");
    ExportFile { name: "applications.xml".to_owned(), content }
}

fn put_application(group: &Group, pause: Option<&Variable>, out: &mut String) {
    let Group { up, down, .. } = group;
    let mut put = |element: &str, value: Option<f64>, default: f64| {
        if value.is_none() {
            out.push_str("\t\t<!-- not seen: a default -->\n");
        }
        let value = significant(value.unwrap_or(default).max(LEAST));
        let _ = writeln!(out, "\t\t<{element}>{value}</{element}>");
    };
    let interval = up.inter_arrival_s.mean;
    put("poisson_interarrival", interval, INTERARRIVAL_S);
    // Tasks are drawn from the start of an active period to its end, so it has the length that gives as many as a stream.
    let tasks = up.objects_per_stream.mean.unwrap_or(1.0);
    put("active_period", interval.map(|interval| interval.max(LEAST) * tasks), INTERARRIVAL_S * tasks);
    put("idle_period", pause.and_then(|pause| pause.mean), IDLE_S);
    put("data_upload", up.size_bytes.mean.map(|bytes| bytes / 1e3), LEAST);
    put("data_download", down.size_bytes.mean.map(|bytes| bytes / 1e3), LEAST);
    out.push_str("\t\t<!-- not in traffic: defaults -->\n");
    for (element, value) in DEFAULTS {
        let _ = writeln!(out, "\t\t<{element}>{value}</{element}>");
    }
}

/// Shares in percent with four decimals, whose sum is 100 to the last one: what is left by rounding goes to the first.
fn percentages(counts: &[u64]) -> Vec<String> {
    let total: u128 = counts.iter().map(|count| u128::from(*count)).sum::<u128>().max(1);
    let mut shares: Vec<u128> = counts.iter().map(|count| u128::from(*count) * 1_000_000 / total).collect();
    let left = 1_000_000 - shares.iter().sum::<u128>().min(1_000_000);
    if let Some(first) = shares.first_mut() {
        *first += left;
    }
    shares.into_iter().map(|share| format!("{}.{:04}", share / 10_000, share % 10_000)).collect()
}

/// A key with the characters that XML 1.0 has; a name may not be empty.
fn text(key: &str) -> String {
    let allowed = |c: char| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { '_' } else { c };
    if key.is_empty() { "unnamed".to_owned() } else { key.chars().map(allowed).collect() }
}

fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&apos;".to_owned(),
        _ => c.to_string(),
    };
    text.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::export::fixture;
    use std::collections::BTreeMap;

    /// What the parser of `SimSettings` takes: name and elements. Panics where the text is not well-formed.
    fn read(text: &str) -> Vec<(String, BTreeMap<String, f64>)> {
        let mut rest = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").unwrap();
        let (mut open, mut apps) = (Vec::new(), Vec::new());
        while let Some((content, tail)) = rest.split_once('<') {
            assert!(!content.contains(['>', '&']), "{content}");
            if let Some(tail) = tail.strip_prefix("!--") {
                let (comment, tail) = tail.split_once("-->").unwrap();
                assert!(!comment.contains("--"));
                rest = tail;
                continue;
            }
            let (tag, tail) = tail.split_once('>').unwrap();
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name.to_owned()));
                if open.len() == 2 {
                    let (_, elements): &mut (String, BTreeMap<String, f64>) = apps.last_mut().unwrap();
                    assert_eq!(elements.insert(name.to_owned(), content.parse().unwrap()), None);
                }
            } else if let Some(name) = tag.strip_prefix("application name=\"") {
                let name = name.strip_suffix('"').unwrap();
                assert!(!name.contains(['"', '<']) && !name.contains(char::is_control));
                open.push("application".to_owned());
                let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
                let known = |(at, _)| entities.iter().any(|(entity, _)| name[at..].starts_with(entity));
                assert!(name.match_indices('&').all(known), "{name}");
                let name = entities.iter().fold(name.to_owned(), |name, (from, to)| name.replace(from, to));
                apps.push((name, BTreeMap::new()));
            } else {
                open.push(tag.to_owned());
            }
            rest = tail;
        }
        assert!(open.is_empty());
        apps
    }

    #[test]
    fn applications_have_the_means_of_the_model() {
        let (model, rows) = (fixture::model(), fixture::rows());
        let apps = read(&file(&model, Some(&rows)).content);
        assert_eq!(apps.len(), 3);
        for ((name, app), group) in apps.iter().zip(&model.groups) {
            assert_eq!(name.replace('_', ""), group.key.replace(char::is_control, "").replace('_', ""));
            assert_eq!(app["data_upload"], group.up.size_bytes.mean.unwrap() / 1e3);
            assert_eq!(app["data_download"], group.down.size_bytes.mean.map_or(LEAST, |bytes| bytes / 1e3));
            assert_eq!(app["poisson_interarrival"], group.up.inter_arrival_s.mean.unwrap_or(INTERARRIVAL_S));
            assert_eq!(app.len(), 13, "the elements that the parser wants");
        }
        // Requests 4 s apart and 1.5 of them a stream; 3 s from the end of the first stream to the second.
        assert_eq!((apps[0].1["active_period"], apps[0].1["idle_period"]), (6.0, 3.0));
        assert_eq!(apps[2].1["idle_period"], IDLE_S);
    }

    #[test]
    fn what_has_a_default_says_so() {
        let text = file(&fixture::model(), None).content;
        let defaults = text.matches("<!-- not seen: a default -->").count();
        // Three idle periods; of the last group, which sent one object, also the pause, its period and the reply.
        assert_eq!(defaults, 3 + 3);
        assert_eq!(text.matches("<!-- not in traffic: defaults -->").count(), 3);
    }

    #[test]
    fn percentages_sum_up_to_100() {
        let cases: [&[u64]; 5] = [&[1], &[1, 1, 1], &[2, 1, 0], &[u64::MAX, 1, 1], &[0, 0]];
        for counts in cases {
            let units = |share: &String| share.replace('.', "").parse::<u64>().unwrap();
            assert_eq!(percentages(counts).iter().map(units).sum::<u64>(), 1_000_000, "{counts:?}");
        }
        assert_eq!(percentages(&[1, 1, 1]), ["33.3334", "33.3333", "33.3333"]);
    }
}
