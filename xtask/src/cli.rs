//! The command line of `cargo xtask`.

use crate::{bench, elasticsearch, serve, traffic};
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// Builds, shows, tests and measures Sniffit.
#[derive(Debug, Parser)]
#[command(name = "xtask", bin_name = "cargo xtask")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Install what is missing, build, analyse the bundled captures, say where the results are, and serve the page until Ctrl-C
    Demo {
        /// End after the results are printed: neither build nor serve the page
        #[arg(long)]
        no_serve: bool,
        /// Fetch and start a real Elasticsearch, send the results there too, and leave it running until Ctrl-C, so that the page
        /// can send to it
        #[arg(long)]
        elasticsearch: bool,
    },
    /// Install what is missing and run every check and test; the last line is `N passed, N failed`
    Test {
        /// Only what a change needs while it is written: format, tidy, generated files, unit tests
        #[arg(long)]
        fast: bool,
    },
    /// Check what the compiler can't: documents against the code, house rules of sources and manifests
    Tidy {
        /// Write the generated parts of docs/output-schema.md first
        #[arg(long)]
        write: bool,
    },
    /// Write the captures of our own making in tests/captures/conventions
    GenCaptures {
        /// Write nothing; fail when a file there is not what its case makes
        #[arg(long)]
        check: bool,
    },
    /// Write synthetic objects that are like those of a model
    GenTraffic(traffic::Options),
    /// Write the dashboards for Kibana, deploy/kibana/sniffit.ndjson
    Kibana {
        /// Write nothing; fail when the file is not what the code makes
        #[arg(long)]
        check: bool,
    },
    /// Build the analysis as the WebAssembly module of the page, and its glue, in target/wasm
    Wasm,
    /// Build the page: web/dist for any static server, and web/dist/sniffit.html, which needs none
    Web {
        /// Let the page speak to this origin, such as <https://elastic.example.org:9200>, and to no other but its own server's;
        /// may be given several times. Otherwise its users choose
        #[arg(long, value_name = "ORIGIN")]
        connect: Vec<String>,
    },
    /// Serve the built page on 127.0.0.1 until Ctrl-C
    Serve {
        /// Port, or the first one to try
        #[arg(long, default_value_t = serve::PORT)]
        port: u16,
    },
    /// Write the TypeScript types of that module, web/src/generated
    GenTypes {
        /// Write nothing; fail when the file is not what the module offers
        #[arg(long)]
        check: bool,
    },
    /// Build the recorder's package for Debian, target/package/sniffit-recorder_*.deb, and check what is in it
    Package {
        /// Build nothing; check the package that is there
        #[arg(long)]
        check: bool,
    },
    /// Run a real Elasticsearch on this machine, after fetching it once
    Elasticsearch(elasticsearch::Options),
    /// Measure
    Bench {
        #[command(subcommand)]
        command: BenchCommand,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum BenchCommand {
    /// CPU time, speed and memory on big captures, beside a bare walk over the records and other tools
    Speed(bench::SpeedArgs),
    /// Documents a second into a running Elasticsearch, beside curl, and the sizes there
    Elastic(bench::ElasticArgs),
    /// CPU time and memory of the model of a million objects, from NDJSON and from Parquet
    Model(bench::ModelArgs),
    /// Speed and memory of the page in Chromium, beside reading to nothing, the native program and wiregasm
    Page(bench::PageArgs),
    /// CPU time, lost packets and memory of recording, beside tcpdump and dumpcap; needs root
    Recorder(bench::RecorderArgs),
    /// CPU time of a fleet's tasks by Spark, beside xargs, and memory of a task
    Scale(bench::ScaleArgs),
    /// The bare walk, as a child of `speed`
    #[command(hide = true)]
    RawWalk {
        /// A pcap file
        file: PathBuf,
    },
    /// Makes a big capture, as a child of `speed`
    #[command(hide = true)]
    Mix(bench::Recipe),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_commands_of_the_readme_are_understood() {
        for line in [
            "cargo xtask demo",
            "cargo xtask demo --no-serve",
            "cargo xtask demo --elasticsearch",
            "cargo xtask test",
            "cargo xtask test --fast",
            "cargo xtask tidy --write",
            "cargo xtask gen-captures --check",
            "cargo xtask gen-traffic --model model.json --objects 20000 -o objects.ndjson",
            "cargo xtask gen-traffic --model m.json --group maps --objects 9 --seed 7 -o o.ndjson",
            "cargo xtask kibana --check",
            "cargo xtask wasm",
            "cargo xtask gen-types --check",
            "cargo xtask web",
            "cargo xtask web --connect https://a:9200 --connect https://b",
            "cargo xtask serve --port 8081",
            "cargo xtask package",
            "cargo xtask package --check",
            "cargo xtask elasticsearch",
            "cargo xtask elasticsearch --api-keys --quick",
            "cargo xtask elasticsearch --port 9201 --data d --heap 1g --security --quiet",
            "cargo xtask bench speed",
            "cargo xtask bench elastic --runs 1",
            "cargo xtask bench model",
            "cargo xtask bench model --objects 1000 --runs 3 --sniffit s --out t.md",
            "cargo xtask bench page",
            "cargo xtask bench page --runs 3 --mix-mb 100,1000 --big-mb 5000 --only page,module --no-wiregasm --out t.md",
            "cargo xtask bench recorder --runs 3 --mbit-s 100 --only full,headers --out t.md",
            "cargo xtask bench scale --mix-mb 1000 --copies 5 --runs 3 --out t.md",
            "cargo xtask bench raw-walk x.pcap",
        ] {
            let words = line.split(' ').skip(1);
            assert!(Cli::try_parse_from(words).is_ok(), "{line}");
        }
    }
}
