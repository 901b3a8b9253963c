//! Models to `omnetpp.ini` for the TCP applications of INET.
//!
//! In: a model, and rows. Out: a section for each group, with a client that asks and a server that replies; with rows, a
//! section more that replays the streams with most objects. Guaranteed: values have the units the parameters want, sizes
//! and counts are whole and at least 1, and what is no fit says so in a comment.
//!
//! Sources: `TcpBasicClientApp.ned`, `TcpGenericServerApp.ned`, `TcpSessionApp.ned` and `.cc`, `TcpSinkApp.ned` in
//! <https://github.com/inet-framework/inet/tree/master/src/inet/applications/tcpapp>; the functions of NED in
//! <https://github.com/omnetpp/omnetpp/blob/master/src/sim/nedfunctions.cc>, their formulas in `distrib.cc` beside it.

use super::{ExportFile, names, replay};
use crate::flow::Direction;
use crate::model::{Distribution, Group, Model, Rows, Stream, Variable};
use crate::time::Timestamp;
use std::fmt::Write as _;

/// `omnetpp.ini`.
pub(super) fn files(model: &Model, rows: Option<&Rows>) -> Vec<ExportFile> {
    // What stands in `General` holds for every section, so no group may have its name.
    let keys = ["General"].into_iter().chain(model.groups.iter().map(|group| group.key.as_str())).chain(["replay"]);
    let sections = names::identifiers_of(keys).split_off(1);
    let pauses = rows.map(replay::pauses).unwrap_or_default();
    let mut content =
        format!("# Made by {}. Modules: a client and a server, each with applications.\n", names::plain(&model.tool));
    for (group, section) in model.groups.iter().zip(&sections) {
        put_group(group, section, pauses.get(group.key.as_str()), &mut content);
    }
    if let (Some(rows), Some(section)) = (rows, sections.last()) {
        put_replay(&replay::busiest(rows), section, &mut content);
    }
    vec![ExportFile { name: "omnetpp.ini".to_owned(), content }]
}

fn put_group(group: &Group, section: &str, pause: Option<&Variable>, out: &mut String) {
    let Group { up, down, .. } = group;
    let _ = writeln!(out, "\n[Config {section}]");
    let _ = writeln!(out, "description = \"{}\"", names::plain(&group.key));
    out.push_str("*.client.numApps = 1\n*.client.app[0].typename = \"TcpBasicClientApp\"\n");
    out.push_str("*.client.app[0].connectAddress = \"server\"\n");
    put("*.client.app[0].requestLength", "1B * ", &up.size_bytes, out);
    put("*.client.app[0].replyLength", "1B * ", &down.size_bytes, out);
    put("*.client.app[0].numRequestsPerSession", "", &up.objects_per_stream, out);
    put_time("*.client.app[0].thinkTime", &up.think_time_s, out);
    match pause {
        Some(pause) => put_time("*.client.app[0].idleInterval", pause, out),
        None => out.push_str(
            "# a default: a client's pauses between streams are known from objects only\n\
                              *.client.app[0].idleInterval = 1s\n",
        ),
    }
    out.push_str("*.server.numApps = 1\n*.server.app[0].typename = \"TcpGenericServerApp\"\n");
    // The parameter is not volatile, so a distribution would be drawn from once.
    let delay = down.think_time_s.mean.unwrap_or(0.0);
    let _ = writeln!(
        out,
        "# mean of {} values: the server takes one\n*.server.app[0].replyDelay = {delay}s",
        down.think_time_s.n
    );
}

/// A parameter of whole numbers, at least 1.
fn put(parameter: &str, unit: &str, variable: &Variable, out: &mut String) {
    let (comment, value) = expression(variable);
    let _ = writeln!(out, "# {comment}\n{parameter} = {unit}max(1, int(0.5 + {value}))");
}

/// A parameter in seconds.
fn put_time(parameter: &str, variable: &Variable, out: &mut String) {
    let (comment, value) = expression(variable);
    let _ = writeln!(out, "# {comment}\n{parameter} = 1s * {value}");
}

/// What draws a value, as a number without unit, and what to say of it.
///
/// The fits are of positive values: those of 0 are drawn beside.
fn expression(variable: &Variable) -> (String, String) {
    let Variable { n, zeros, .. } = *variable;
    let fit = variable.fits.iter().find_map(|fit| Some((fit, drawn(&fit.distribution)?)));
    match (fit, variable.mean) {
        (Some((fit, drawn)), _) => {
            let comment = format!("{} of {n} values, KS {}", fit.distribution.family(), fit.goodness.ks);
            match zeros {
                0 => (comment, drawn),
                _ => {
                    let share = crate::model::significant::significant(zeros as f64 / n as f64);
                    (format!("{comment}; {zeros} are 0"), format!("(uniform(0, 1) < {share} ? 0.0 : {drawn})"))
                }
            }
        }
        (None, Some(mean)) => {
            (format!("mean of {n} values: they were too few or too equal for a fit"), format!("{mean}"))
        }
        (None, None) => ("no value was seen".to_owned(), "0".to_owned()),
    }
}

/// The call of NED's functions that draws from a distribution; none if a parameter is no number.
///
/// `weibull` wants both arguments in one unit and `lognormal` none at all, so the unit is multiplied outside.
fn drawn(distribution: &Distribution) -> Option<String> {
    let finite = |values: &[f64]| values.iter().all(|value| value.is_finite());
    match *distribution {
        Distribution::Exponential { mean } => finite(&[mean]).then(|| format!("exponential({mean})")),
        Distribution::Lognormal { mu, sigma } => finite(&[mu, sigma]).then(|| format!("lognormal({mu}, {sigma})")),
        Distribution::Weibull { shape, scale } => finite(&[shape, scale]).then(|| format!("weibull({scale}, {shape})")),
        Distribution::Pareto { minimum, shape } => {
            finite(&[minimum, shape]).then(|| format!("pareto_shifted({shape}, {minimum}, 0)"))
        }
        Distribution::LognormalMixture { weight, mu, sigma } => finite(&[weight, mu[0], mu[1], sigma[0], sigma[1]])
            .then(|| {
                let [low, high] = [0, 1].map(|of| format!("lognormal({}, {})", mu[of], sigma[of]));
                format!("(uniform(0, 1) < {weight} ? {low} : {high})")
            }),
    }
}

/// A section in which both sides send what they sent, at the time they did.
///
/// `TcpSessionApp` only opens connections, it accepts none, so each side connects to a sink of the other.
fn put_replay(streams: &[Stream<'_>], section: &str, out: &mut String) {
    let Some(origin) = streams.iter().filter_map(|stream| stream.objects.first()).map(|object| object.start).min()
    else {
        return;
    };
    let _ = writeln!(
        out,
        "\n[Config {section}]\ndescription = \"replay of the {} streams with most objects\"",
        streams.len()
    );
    for (module, other, direction) in [("client", "server", Direction::Up), ("server", "client", Direction::Down)] {
        let mut apps = 0_usize;
        for stream in streams {
            apps += usize::from(put_script(stream, direction, origin, [module, other], apps, out));
        }
        let _ = writeln!(out, "*.{module}.app[{apps}].typename = \"TcpSinkApp\"\n*.{module}.numApps = {}", apps + 1);
    }
}

/// One application that sends a stream's objects of one direction; false when there are none.
fn put_script(
    stream: &Stream<'_>,
    direction: Direction,
    origin: Timestamp,
    [module, other]: [&str; 2],
    app: usize,
    out: &mut String,
) -> bool {
    // A second for the connection to be there when the first object is due.
    let time = |at: Timestamp| replay::seconds(at.nanos_since(origin).saturating_add(1_000_000_000));
    let all = || stream.objects.iter().filter(|object| object.direction == direction && object.payload_bytes > 0);
    let sent: Vec<_> = all().take(replay::OBJECTS).collect();
    let (Some(first), Some(last)) = (sent.first(), sent.last()) else { return false };
    let script: Vec<String> =
        sent.iter().map(|object| format!("{} {}", time(object.start), object.payload_bytes)).collect();
    let path = format!("*.{module}.app[{app}]");
    let _ = writeln!(
        out,
        "# stream {} of {}: {} of {} objects",
        names::plain(stream.id),
        names::plain(stream.group),
        sent.len(),
        all().count()
    );
    let _ = writeln!(out, "{path}.typename = \"TcpSessionApp\"\n{path}.connectAddress = \"{other}\"");
    let _ = writeln!(out, "{path}.tOpen = {}s", replay::seconds(first.start.nanos_since(origin)));
    // The application refuses a script beside its default of one MiB.
    let _ = writeln!(out, "{path}.sendBytes = 0B\n{path}.sendScript = \"{}\"", script.join(";"));
    let _ = writeln!(out, "{path}.tClose = {}s", time(last.start));
    true
}

#[cfg(test)]
mod tests;
