//! `cargo xtask test`: every check of the repository, one after the other.
//!
//! In: nothing. Out: a headline for each step, the times of all, and as the last line `N passed, N failed`. Guaranteed:
//! the first step that fails ends the run. The numbers are cargo's own, summed up; a step that fails without a failed
//! test counts as one failure, so that no failure reads as none. No server that was started for the tests outlives them.

use crate::elasticsearch::Background;
use crate::scale::{self, Spark};
use crate::{captures, cargo, kibana, setup, tidy, wasm, web};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

struct Step {
    title: &'static str,
    /// Left out by `--fast`.
    is_slow: bool,
    run: fn(&mut Session) -> Result<()>,
}

/// What steps leave for each other.
struct Session {
    fast: bool,
    totals: Totals,
    /// Started before the first step, so that it is ready when the tests begin.
    elasticsearch: Option<Background>,
    /// The packages that draw Kibana's panels.
    vega: Option<PathBuf>,
    /// What runs recordings as tasks.
    spark: Option<Spark>,
}

/// Cheap steps come first, so that a slip shows early.
const STEPS: [Step; 9] = [
    Step { title: "format", is_slow: false, run: |_| cargo_step(&["fmt", "--all", "--check"], "run `cargo fmt`") },
    Step {
        title: "clippy",
        is_slow: true,
        run: |_| {
            let words = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
            cargo_step(&words, "clippy's warnings are errors here")
        },
    },
    Step { title: "tidy", is_slow: false, run: |_| tidy::run(false) },
    Step { title: "generated captures", is_slow: false, run: |_| captures::run(true) },
    Step { title: "dashboards", is_slow: false, run: |_| kibana::run(true) },
    // Before the tests, some of which look at what it builds.
    Step { title: "web", is_slow: true, run: page },
    Step { title: "tests", is_slow: false, run: tests },
    Step { title: "browser", is_slow: true, run: browser },
    Step { title: "documentation", is_slow: true, run: |_| documentation() },
];

/// Runs all steps, or those that `fast` leaves; whether all passed.
///
/// # Errors
/// When a step can't even be started.
pub(crate) fn run(fast: bool) -> Result<bool> {
    setup::ensure_test()?;
    if !fast {
        setup::ensure_deployed()?;
        setup::ensure_chromium()?;
    }
    let vega = if fast { None } else { Some(kibana::renderer::install()?) };
    let elasticsearch = if fast { None } else { Some(Background::start()?) };
    let spark = if fast { None } else { Some(scale::install()?) };
    let mut session = Session { fast, totals: Totals::default(), elasticsearch, vega, spark };
    let mut times = Vec::new();
    let mut failure = None;
    for step in STEPS.iter().filter(|step| !(fast && step.is_slow)) {
        println!("== {} ==", step.title);
        let begin = Instant::now();
        let result = (step.run)(&mut session);
        times.push((step.title, begin.elapsed()));
        if let Err(error) = result {
            failure = Some(format!("{}: {error:#}", step.title));
            session.totals.failed += u64::from(session.totals.failed == 0);
            break;
        }
    }
    let Session { totals, elasticsearch, .. } = session;
    // Nothing is to be printed after the last line.
    drop(elasticsearch);
    println!("\n{}", summary(&times));
    if let Some(failure) = &failure {
        println!("FAILED {failure}\n");
    }
    println!("{} passed, {} failed", totals.passed, totals.failed);
    Ok(failure.is_none())
}

fn summary(times: &[(&str, Duration)]) -> String {
    let lines = times.iter().map(|(title, time)| format!("{title:<20}{:>8.1} s\n", time.as_secs_f64()));
    let total: Duration = times.iter().map(|(_, time)| *time).sum();
    format!("{}{:<20}{:>8.1} s\n", lines.collect::<String>(), "all", total.as_secs_f64())
}

fn cargo_step(words: &[&str], hint: &str) -> Result<()> {
    let status = cargo::command(words.iter().copied())?.status().context("cargo can't be started")?;
    ensure!(status.success(), "`cargo {}` failed: {hint}", words.join(" "));
    Ok(())
}

fn documentation() -> Result<()> {
    let mut command = cargo::command(["doc", "--workspace", "--no-deps"])?;
    let status = command.env("RUSTDOCFLAGS", "--deny warnings").status().context("cargo can't be started")?;
    ensure!(status.success(), "`cargo doc` failed: rustdoc's warnings are errors here");
    Ok(())
}

/// The page: its types, its unit tests, its builds and what they weigh.
fn page(session: &mut Session) -> Result<()> {
    let mut counts = web::Counts::default();
    let result = web::test(&mut counts);
    session.totals.passed += counts.passed;
    session.totals.failed += counts.failed;
    result
}

/// The built page in a browser.
fn browser(session: &mut Session) -> Result<()> {
    let starter = session.elasticsearch.as_ref().context("the tests in the browser start servers")?.program();
    let mut counts = web::Counts::default();
    let result = web::browser_tests::run(&mut counts, starter);
    session.totals.passed += counts.passed;
    session.totals.failed += counts.failed;
    result
}

/// Unit, integration and documentation tests.
fn tests(session: &mut Session) -> Result<()> {
    let Session { fast, totals, elasticsearch, vega, spark } = session;
    let before = totals.passed;
    // All binaries run even if one fails: the last line is to count every failure.
    let mut words = vec!["test", "--workspace", "--no-fail-fast"];
    if *fast {
        words.extend(["--lib", "--bins"]);
    }
    let mut command = cargo::command(words)?;
    if let Some(elasticsearch) = elasticsearch {
        let url = elasticsearch.url().context("the tests need Elasticsearch; `--fast` goes without")?;
        command.env("SNIFFIT_TEST_ELASTICSEARCH", url).env("SNIFFIT_TEST_XTASK", elasticsearch.program());
    }
    if let Some(vega) = vega {
        command.env("SNIFFIT_TEST_VEGA", vega);
    }
    if let Some(Spark { python, java_home }) = spark {
        command.env("SNIFFIT_TEST_SPARK", python).env("SNIFFIT_TEST_JAVA_HOME", java_home);
    }
    if !*fast {
        command.env("SNIFFIT_TEST_WEB", web::dist()?).env("SNIFFIT_TEST_WASM", wasm::folder()?);
    }
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo can't be started")?;
    let output = child.stdout.take().context("cargo has no output")?;
    let mut own = std::io::stdout().lock();
    for line in BufReader::new(output).split(b'\n') {
        let mut line = line.context("cargo's output can't be read")?;
        totals.add(&String::from_utf8_lossy(&line));
        line.push(b'\n');
        own.write_all(&line)?;
    }
    let status = child.wait().context("cargo can't be waited for")?;
    match (status.success(), totals.failed) {
        (true, _) => {}
        (false, 0) => bail!("the tests could not be built"),
        (false, failed) => bail!("{failed} failed; their output is above"),
    }
    ensure!(totals.passed > before, "cargo ran no test");
    Ok(())
}

/// Tests that ran.
#[derive(Debug, Default, PartialEq, Eq)]
struct Totals {
    passed: u64,
    failed: u64,
}

impl Totals {
    /// Takes a line of cargo's output; `test result: ok. 3 passed; 0 failed; …` counts.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else { return };
        self.passed += number_before(counts, " passed");
        self.failed += number_before(counts, " failed");
    }
}

/// The number that stands before a word; colours may stand before the number.
fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split_once(word).map_or("", |(before, _)| before);
    let digits = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    before[digits..].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargos_totals_are_summed_up() {
        let mut totals = Totals::default();
        for line in [
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.01s",
            "test result: \u{1b}[31mFAILED\u{1b}[0m. 40 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out",
            "12 passed, 1 failed",
            "",
        ] {
            totals.add(line);
        }
        assert_eq!(totals, Totals { passed: 43, failed: 2 });
    }

    #[test]
    fn the_summary_has_a_line_a_step_and_the_sum() {
        let text = summary(&[("format", Duration::from_millis(1500)), ("tests", Duration::from_secs(60))]);
        assert_eq!(text.lines().count(), 3);
        assert!(text.ends_with("61.5 s\n"), "{text}");
    }

    #[test]
    fn fast_leaves_the_tests_in() {
        let fast: Vec<_> = STEPS.iter().filter(|step| !step.is_slow).map(|step| step.title).collect();
        assert_eq!(fast, ["format", "tidy", "generated captures", "dashboards", "tests"]);
    }
}
