//! Arguments to options: every rule about what goes together is here.

use crate::cli::{AnalyzeArguments, CuttingArguments, Format, KindArgument, Mode, NamingArguments, TaskArguments};
use crate::output::Folder;
use analyzer_core::model::GroupBy;
use analyzer_core::name::application::Applications;
use analyzer_core::object::ExchangeOptions;
use analyzer_core::record::Kind;
use analyzer_core::{Config, Method, StateError};
use anyhow::{Context as _, bail};
use std::path::Path;
use std::sync::Arc;

/// What one call of `sniffit analyze` does.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) config: Config,
    pub(crate) output: Output,
    /// The kinds of records that go to Elasticsearch; none when nothing does.
    pub(crate) posted: Vec<Kind>,
    /// The capture's name, if the user gave one.
    pub(crate) name: Option<String>,
    pub(crate) separate: bool,
    pub(crate) jobs: usize,
    pub(crate) quiet: bool,
    /// Nameless servers are looked up.
    pub(crate) reverse_dns: bool,
    pub(crate) top: usize,
    /// The groups in which a task counts objects for a model.
    pub(crate) counts_by: Option<GroupBy>,
}

/// Where results go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Output {
    /// A summary on standard output.
    Summary,
    /// Records of one kind on standard output.
    Stdout { format: Format, kind: Kind },
    /// Files.
    Folder(Folder),
}

impl Output {
    /// The kinds of records that are wanted.
    pub(crate) fn kinds(&self) -> &[Kind] {
        match self {
            Self::Summary => &[],
            Self::Stdout { kind, .. } => std::slice::from_ref(kind),
            Self::Folder(folder) => &folder.kinds,
        }
    }
}

impl Options {
    /// The kinds of records that anything is done with.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        each_once([self.output.kinds(), &self.posted].concat())
    }

    pub(crate) fn from_arguments(arguments: &AnalyzeArguments) -> anyhow::Result<Self> {
        let config = whole_config(&arguments.cutting, &arguments.naming)?;
        if config.method == Method::MeanGap && arguments.paths.iter().any(|path| path == Path::new("-")) {
            bail!(
                "--method mean-gap reads the capture twice, and standard input comes only once: \
                 save it to a file first, or choose another method"
            );
        }
        if arguments.state.is_given() {
            check_parts(arguments)?;
        }
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            output: output(arguments)?,
            posted: posted(arguments),
            config,
            name: arguments.name.clone(),
            separate: arguments.separate,
            jobs: arguments.jobs.map_or_else(processors, usize::from),
            quiet: arguments.quiet,
            reverse_dns: arguments.naming.reverse_dns,
            top: arguments.top,
            counts_by: None,
        })
    }

    pub(crate) fn of_task(arguments: &TaskArguments) -> anyhow::Result<Self> {
        let config = whole_config(&arguments.cutting, &arguments.naming)?;
        let folder = Folder {
            dir: arguments.out.clone(),
            format: Format::Parquet,
            kinds: kinds_of(&arguments.kinds),
            force: false,
        };
        Ok(Self {
            output: Output::Folder(folder),
            posted: Vec::new(),
            config,
            name: None,
            separate: false,
            jobs: 1,
            quiet: arguments.quiet,
            reverse_dns: false,
            top: 0,
            counts_by: Some(arguments.by),
        })
    }
}

/// What needs the whole recording can't be had of a part.
fn check_parts(arguments: &AnalyzeArguments) -> anyhow::Result<()> {
    if arguments.cutting.method == Method::MeanGap {
        return Err(StateError::MeanGap.into());
    }
    if arguments.naming.reverse_dns {
        bail!(
            "--reverse-dns makes another analysis of every part, because what it is told changes: leave it out with \
             --state-in and --state-out"
        );
    }
    if arguments.elasticsearch.is_some() {
        bail!(
            "--elasticsearch takes whole recordings, because an analysis that is there is there as a whole: leave it out \
             with --state-in and --state-out, and keep the parts in folders with -o"
        );
    }
    Ok(())
}

/// All that decides about results, checked.
fn whole_config(cutting: &CuttingArguments, naming: &NamingArguments) -> anyhow::Result<Config> {
    let config = Config { applications: applications(naming)?, ..config(cutting) };
    config.validate()?;
    Ok(config)
}

fn config(arguments: &CuttingArguments) -> Config {
    let defaults = Config::default();
    Config {
        method: arguments.method,
        exchange: ExchangeOptions {
            idle: arguments.idle.unwrap_or(defaults.exchange.idle),
            idle_rtts: arguments.idle_rtts.unwrap_or(defaults.exchange.idle_rtts),
            udp_idle: arguments.udp_idle.unwrap_or(defaults.exchange.udp_idle),
            push_gap: arguments.push_gap.unwrap_or(defaults.exchange.push_gap),
            small_bytes: arguments.small.unwrap_or(defaults.exchange.small_bytes),
            quic_small_bytes: arguments.quic_small.unwrap_or(defaults.exchange.quic_small_bytes),
            split_requests: !arguments.no_split_requests,
        },
        protocol: arguments.protocol.into(),
        clients: arguments.client.clone(),
        tcp_expiry: arguments.tcp_expiry.unwrap_or(defaults.tcp_expiry),
        udp_expiry: arguments.udp_expiry.unwrap_or(defaults.udp_expiry),
        max_flows: arguments.max_flows.unwrap_or(defaults.max_flows),
        packets: arguments.mode == Mode::Packet,
        applications: defaults.applications,
    }
}

fn applications(arguments: &NamingArguments) -> anyhow::Result<Arc<Applications>> {
    let Some(path) = &arguments.applications else { return Ok(Applications::builtin()) };
    let told = || format!("--applications {}", path.display());
    let text = std::fs::read_to_string(path).with_context(told)?;
    Ok(Arc::new(Applications::builtin().extended(&text).with_context(told)?))
}

/// What makes up a result: these kinds are written to a folder and sent to Elasticsearch unless others are chosen.
const WHOLE: [KindArgument; 3] = [KindArgument::Objects, KindArgument::Streams, KindArgument::Bins];

fn kinds(arguments: &AnalyzeArguments, defaults: &[KindArgument]) -> Vec<Kind> {
    if arguments.cutting.mode == Mode::Packet {
        return vec![Kind::Packets];
    }
    let chosen = if arguments.kinds.is_empty() { defaults } else { &arguments.kinds };
    kinds_of(chosen)
}

/// What was chosen, each once and in order.
fn kinds_of(chosen: &[KindArgument]) -> Vec<Kind> {
    each_once(chosen.iter().map(|kind| Kind::from(*kind)).collect())
}

fn each_once(mut kinds: Vec<Kind>) -> Vec<Kind> {
    kinds.sort();
    kinds.dedup();
    kinds
}

fn posted(arguments: &AnalyzeArguments) -> Vec<Kind> {
    if arguments.elasticsearch.is_some() { kinds(arguments, &WHOLE) } else { Vec::new() }
}

fn output(arguments: &AnalyzeArguments) -> anyhow::Result<Output> {
    let by_packet = arguments.cutting.mode == Mode::Packet;
    if by_packet && !arguments.kinds.is_empty() {
        bail!("--kinds chooses among the results of --mode object; --mode packet writes packets only");
    }
    if let Some(dir) = &arguments.output {
        return Ok(Output::Folder(Folder {
            dir: dir.clone(),
            format: arguments.format.unwrap_or(Format::Ndjson),
            kinds: kinds(arguments, &WHOLE),
            force: arguments.force,
        }));
    }
    // Kinds that go to Elasticsearch are not asked for on standard output too.
    let is_asked = arguments.elasticsearch.is_none() && (by_packet || !arguments.kinds.is_empty());
    let Some(format) = arguments.format.or(is_asked.then_some(Format::Ndjson)) else {
        return Ok(Output::Summary);
    };
    if format == Format::Parquet {
        bail!("a Parquet file is closed with an index at its end and can't be streamed: give a folder with -o DIR");
    }
    match kinds(arguments, &[KindArgument::Objects])[..] {
        [kind] => Ok(Output::Stdout { format, kind }),
        _ => bail!("standard output takes one kind of record: choose one with --kinds, or give a folder with -o DIR"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use analyzer_core::sink::placement::IndexBy;
    use clap::{Args as _, Parser};

    fn options(arguments: &str) -> Result<Options, String> {
        let arguments = ["sniffit", "analyze"].into_iter().chain(arguments.split_whitespace());
        let command = Cli::try_parse_from(arguments).map_err(|error| error.to_string())?.command;
        let Command::Analyze(arguments) = command else { return Err("another command".to_owned()) };
        Options::from_arguments(&arguments).map_err(|error| error.to_string())
    }

    #[test]
    fn outputs() {
        let folder = |format, kinds: &[Kind]| {
            Output::Folder(Folder { dir: "d".into(), format, kinds: kinds.to_vec(), force: false })
        };
        for (arguments, expected) in [
            ("x", Output::Summary),
            ("x --format ndjson", Output::Stdout { format: Format::Ndjson, kind: Kind::Objects }),
            ("x --kinds streams", Output::Stdout { format: Format::Ndjson, kind: Kind::Streams }),
            ("x --mode packet", Output::Stdout { format: Format::Ndjson, kind: Kind::Packets }),
            ("x -o d", folder(Format::Ndjson, &[Kind::Objects, Kind::Streams, Kind::Bins])),
            ("x -o d --kinds bins,objects,bins --format csv", folder(Format::Csv, &[Kind::Objects, Kind::Bins])),
            ("x -o d --mode packet --format parquet", folder(Format::Parquet, &[Kind::Packets])),
        ] {
            assert_eq!(options(arguments).map(|options| options.output), Ok(expected), "{arguments}");
        }
    }

    #[test]
    fn what_goes_to_elasticsearch() {
        let whole = vec![Kind::Objects, Kind::Streams, Kind::Bins];
        for (arguments, output, posted) in [
            ("x --elasticsearch http://h", Output::Summary, whole.clone()),
            ("x --elasticsearch http://h --kinds bins", Output::Summary, vec![Kind::Bins]),
            ("x --elasticsearch http://h --mode packet", Output::Summary, vec![Kind::Packets]),
            (
                "x --elasticsearch http://h --format ndjson",
                Output::Stdout { format: Format::Ndjson, kind: Kind::Objects },
                whole,
            ),
        ] {
            let options = options(arguments).expect(arguments);
            assert_eq!((options.output, options.posted), (output, posted), "{arguments}");
        }
        assert_eq!(options("x").expect("no server").posted, []);
    }

    #[test]
    fn an_analysis_has_its_own_indices_unless_months_are_asked_for() {
        for (words, expected) in
            [("", IndexBy::Analysis), ("--index-by analysis", IndexBy::Analysis), ("--index-by month", IndexBy::Month)]
        {
            let words = format!("sniffit analyze x --elasticsearch http://h {words}");
            match Cli::try_parse_from(words.split_whitespace()).map(|cli| cli.command) {
                Ok(Command::Analyze(arguments)) => {
                    assert_eq!(arguments.delivery.insistence().index_by, expected, "{words}");
                }
                other => panic!("{words}: {other:?}"),
            }
        }
    }

    #[test]
    fn refusals_give_the_reason() {
        for (arguments, reason) in [
            ("x --format parquet", "give a folder with -o DIR"),
            ("x --kinds streams,bins", "one kind of record"),
            ("x --mode packet --kinds bins", "packets only"),
            ("- --method mean-gap", "reads the capture twice"),
            ("x --method fixed:0s", "must be more than zero"),
            ("x --method fixed", "is no method"),
            ("x --idle 5", "a number with a unit"),
            ("x --client 10.0.0.0/33", "neither an IP address nor a prefix"),
            ("x --max-flows 0", "must be more than zero"),
            ("x --jobs 0", "0"),
            ("x --force", "--output"),
            ("x --name n --separate", "cannot be used"),
            ("x --api-key-file k", "--elasticsearch"),
            ("x --retry-for 5m", "--elasticsearch"),
            ("x --index-by month", "--elasticsearch"),
            ("x --elasticsearch http://x --index-by day", "invalid value 'day'"),
            ("x --elasticsearch http://x --user u", "--password-file"),
            ("x --elasticsearch http://u:p@x", "must not hold a password"),
            ("", "required"),
            ("--state-out s", "required"),
            ("x --state-out s --separate", "cannot be used"),
            ("x --state-in s --separate", "cannot be used"),
            ("x --state-out s --method mean-gap", "reads the whole recording twice"),
            ("x --state-in s --reverse-dns", "--reverse-dns makes another analysis of every part"),
            ("x --state-in s --elasticsearch http://h", "--elasticsearch takes whole recordings"),
            ("x --state-out s --elasticsearch http://h", "--elasticsearch takes whole recordings"),
        ] {
            let error = options(arguments).expect_err(arguments);
            assert!(error.contains(reason), "{arguments}: {error}");
        }
    }

    #[test]
    fn the_defaults_are_the_cores() {
        assert_eq!(options("x").map(|options| options.config), Ok(Config::default()));
        // The help states them, because clap can't know them.
        let (config, exchange) = (Config::default(), ExchangeOptions::default());
        let stated = options(
            "x --idle 500ms --idle-rtts 4 --udp-idle 1s --push-gap 60ms --small 40 --quic-small 100 --tcp-expiry 5m \
             --udp-expiry 5m --max-flows 1000000",
        );
        assert_eq!(stated.map(|options| options.config), Ok(Config { exchange, ..config }));
    }

    /// The page names options as the command line does, and must not understand them otherwise.
    #[test]
    fn the_core_understands_options_as_the_command_line_does() {
        for (name, values) in [
            ("method", &["exchange", "exchange-headers", "mean-gap", "fixed:500ms", "rtt:1.5", "rtt", "fixed:1"][..]),
            ("mode", &["object", "packet", "Packet"]),
            ("protocol", &["tcp", "udp", "both", "BOTH", "icmp"]),
            ("client", &["10.8.0.2", "10.8.0.0/24", "2001:db8::/64", "10.0.0.0/33", "phone", "10.8.0.2/"]),
            ("tcp-expiry", &["5m", "1.5s", "0s", "1h", "5", "s", "1.2345s"]),
            ("udp-expiry", &["90s", "250us", "1d"]),
            ("max-flows", &["1", "1000000", "4294967295", "+5", "-5", "1e6", "", "0x10"]),
            ("idle", &["500ms", "2min", ".5s", "1.s"]),
            ("idle-rtts", &["0", "7", "+7", "4294967295", "4294967296", "1.5"]),
            ("udp-idle", &["1ns", "1µs", "99999999999999h"]),
            ("push-gap", &["60ms", "60 ms", "60MS"]),
            ("small", &["0", "40", "4294967296", "-1"]),
            ("quic-small", &["100", "1_000", "99999999999999999999"]),
        ] {
            for value in values {
                let argument = format!("--{name}={value}");
                let parsed = Cli::try_parse_from(["sniffit", "analyze", "x", &argument]);
                let here = parsed.ok().map(|parsed| match parsed.command {
                    Command::Analyze(arguments) => config(&arguments.cutting),
                    _ => unreachable!("another command"),
                });
                let mut there = Config::default();
                let is_taken = there.set(name, value).is_ok();
                assert_eq!(is_taken.then_some(there), here, "{argument}");
            }
        }
        let mut there = Config::default();
        for (name, value) in [("client", "10.8.0.2"), ("client", "fd00::/8"), ("no-split-requests", "true")] {
            there.set(name, value).expect(name);
        }
        let here = options("x --client 10.8.0.2 --client fd00::/8 --no-split-requests");
        assert_eq!(here.map(|options| options.config), Ok(there));
    }

    #[test]
    fn the_core_names_options_as_the_command_line_does() {
        let cutting = CuttingArguments::augment_args(clap::Command::new("cutting"));
        let mut ours: Vec<&str> = cutting.get_arguments().filter_map(clap::Arg::get_long).collect();
        // Only a form has to say yes.
        ours.push("split-requests");
        ours.sort_unstable();
        let mut cores = Config::OPTIONS;
        cores.sort_unstable();
        assert_eq!(ours, cores);
    }
}
