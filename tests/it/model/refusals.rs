//! What is refused, and that the reason is told.

use super::{analyze, arguments, folder, model};
use crate::support::{captures, read_results, sniffit};
use std::fs;
use std::path::Path;

#[test]
fn refusals_give_the_reason_and_write_nothing() {
    let parent = folder();
    let of = |name: &str| parent.path().join(name);
    analyze("chat", &[], &of("results"));
    analyze("chat", &["--format", "csv"], &of("csv"));
    analyze("chat", &["--format", "json"], &of("json"));
    analyze("chat", &["--format", "parquet"], &of("parquet"));
    let nothing = captures("conventions").join("pcap_no_packets.pcap");
    let empty = ["analyze", "--quiet", "-o"].map(Into::into).into_iter().chain([of("empty").into(), nothing.into()]);
    sniffit::<std::ffi::OsString>(empty).expect(0);
    fs::create_dir(of("nothing")).expect("a folder");
    let of_chat = String::from_utf8(model(&[], &[&of("results")])).expect("a model is text");
    let put = |name: &str, text: &str| fs::write(of(name), text).expect("a file");
    put("model.json", &of_chat);
    put("later.json", &of_chat.replacen("\"schema\": 1", "\"schema\": 2", 1));
    put("domains.json", &of_chat.replacen("\"application\"", "\"domain\"", 1));
    put("cut.json", &of_chat[..of_chat.len() / 2]);
    let objects = fs::read_to_string(of("results").join("objects.ndjson")).expect("objects");
    put("cut.ndjson", &objects[..objects.len() - 9]);
    put("later.ndjson", &objects.replacen("\"schema\":1", "\"schema\":2", 1));
    fs::create_dir(of("exports")).expect("a folder");
    put("exports/sensors.csv", "");
    let existing = of("model.json");
    let existing = existing.to_str().expect("UTF-8");
    let exports = of("exports");
    let exports = exports.to_str().expect("UTF-8");
    let capture = captures("truth/lab/chat.pcap.gz");
    let cases: &[(&[&str], &str, &str)] = &[
        (&[], "empty", "there is no object in what was named"),
        (&[], "nothing", "there is no objects.parquet or objects.ndjson or objects.json in"),
        (&[], "csv", "CSV can't be read back"),
        (&[], "csv/objects.csv", "objects are read from .ndjson, .json and .parquet"),
        (&[], "results/streams.ndjson", "line 1: this is a record of sniffit.stream: a model is made of objects"),
        (&[], "results/bins.ndjson", "line 1: this is a record of sniffit.bin: a model is made of objects"),
        (&[], "json/streams.json", "line 2: this is a record of sniffit.stream: a model is made of objects"),
        (&[], "parquet/streams.parquet", "these are streams: a model is made of objects"),
        (&[], "results/analysis.json", "is no model: name the folder"),
        (&[], capture.to_str().expect("UTF-8"), "a capture is first to be analysed"),
        (&[], "later.json", "has version 2 of the model's schema, and this program reads 1"),
        (&[], "later.ndjson", "line 1: the record has version 2 of the output schema"),
        (&[], "cut.json", "is neither a model nor a list of objects"),
        (&[], "cut.ndjson", "this is no record of an object"),
        (&[], "no/such", "no/such"),
        (&["--by", "application"], "domains.json", "models by application and by domain can't be merged"),
        (&["--by", "host"], "results", "one of application, domain, server, all is expected"),
        (&["-o", existing], "results", "model.json exists: replace it with --force"),
        (&["--export", "csv"], "results", "--output"),
        (&["--force"], "results", "--output"),
        (&["--export", "opnet", "-o", exports], "results", "inet, tmix, yafs, ns3, edgecloudsim, ifogsim or csv"),
        (&["--export", "tmix", "-o", exports], "model.json", "export from results with objects"),
        (&["--export", "ifogsim", "-o", exports], "results", "sensors.csv exists: replace it with --force"),
    ];
    let before = read_results(parent.path());
    for (options, path, reason) in cases {
        check_refusal(options, &parent.path().join(path), reason);
        assert!(read_results(parent.path()) == before, "{options:?} {path}: files have changed");
    }
    // With --force what was refused is done.
    for options in [&["-o", existing, "--force"][..], &["--export", "ifogsim", "-o", exports, "--force"]] {
        sniffit(arguments(options, &[&of("results")])).expect(0);
    }
    let after = read_results(parent.path());
    assert!(
        after["model.json"] == before["model.json"] && after["exports/sensors.csv"] != before["exports/sensors.csv"]
    );
}

#[track_caller]
fn check_refusal(options: &[&str], path: &Path, reason: &str) {
    let run = sniffit(arguments(options, &[path])).expect(1);
    assert!(run.stderr.contains(reason), "{options:?} {}: {reason:?} is not in {}", path.display(), run.stderr);
    assert!(run.stdout.is_empty(), "{options:?}: {}", run.text());
}
