//! The manual page, made from the command line.
//!
//! In: nothing. Out: roff on standard output. Guaranteed: it names every option, and says of them what `--help` says. An example
//! and no program, so that neither the recorder nor what packs it has to hold what writes manuals.

use clap_mangen::Man;
use std::io::Write;

fn main() -> std::io::Result<()> {
    let mut command = recorder::command();
    command.build();
    let examples = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let subcommands: Vec<_> = command.get_subcommands().filter(|one| one.get_name() != "help").cloned().collect();
    let man = Man::new(command.after_help("")).section("1");
    let mut out = std::io::stdout().lock();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    for subcommand in subcommands {
        writeln!(out, ".SH COMMAND {}", subcommand.get_name().to_uppercase())?;
        writeln!(out, "{}.", subcommand.get_about().map(ToString::to_string).unwrap_or_default())?;
        let mut options = Vec::new();
        Man::new(subcommand).render_options_section(&mut options)?;
        // Under the heading of the command.
        out.write_all(String::from_utf8_lossy(&options).replace(".SH OPTIONS", "").as_bytes())?;
    }
    // Lines that are to stay as they are.
    writeln!(out, ".SH EXAMPLES, SIGNALS AND EXIT CODES\n.nf")?;
    for line in examples.lines() {
        writeln!(out, "\\&{}", line.replace('\\', "\\\\").replace('-', "\\-"))?;
    }
    writeln!(out, ".fi\n{FILES}")
}

const FILES: &str = "\
.SH FILES
.TP
.I /etc/sniffit/recorder.conf
What the service
.B sniffit\\-recorder
records.
.TP
.I /var/lib/sniffit
Where its files are.
.SH SEE ALSO
.BR tcpdump (1),
.BR pcap\\-filter (7),
.BR systemctl (1)
.PP
.I /usr/share/doc/sniffit\\-recorder
has the reference, what is kept of packets, and how a server is set up.";
