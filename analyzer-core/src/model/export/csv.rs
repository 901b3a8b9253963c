//! Models to tables (RFC 4180, line feed line ends).
//!
//! In: a model. Out: `model.csv`, a line for each group, direction and variable with its fits' best; `quantiles.csv`, its
//! 101 quantiles, for programs that draw from them. Guaranteed: a cell of text that a spreadsheet would take for a formula
//! is neutralised with a leading apostrophe; what there is not is an empty cell.

use super::ExportFile;
use crate::model::{DirectionModel, Distribution, Model, Variable};
use crate::sink::csv::put_text;
use std::fmt::Write as _;

/// What every line begins with.
const KEYS: &str = "group,direction,variable,unit";
/// What `model.csv` tells of a variable.
const VALUES: &str = "n,zeros,mean,min,p5,p25,p50,p75,p95,p99,max,family,fit_mean,mu,sigma,mu_2,sigma_2,weight,shape,scale,\
                      minimum,ks,ad,aic";
/// The quantiles in `model.csv`, between its minimum and maximum.
const PERCENTS: [usize; 6] = [5, 25, 50, 75, 95, 99];

/// Both tables.
pub(super) fn files(model: &Model) -> Vec<ExportFile> {
    let mut table = format!("{KEYS},{VALUES}\n");
    let mut quantiles = format!("{KEYS},percent,value\n");
    for group in &model.groups {
        for (direction, of) in [("up", &group.up), ("down", &group.down)] {
            for (name, variable) in variables(of) {
                let keys = format!("{},{direction},{name},{}", cell(&group.key), variable.unit.as_str());
                let _ = writeln!(table, "{keys},{}", values(variable).join(","));
                for (percent, value) in variable.quantiles.iter().enumerate() {
                    let _ = writeln!(quantiles, "{keys},{percent},{value}");
                }
            }
        }
    }
    let file = |name: &str, content| ExportFile { name: name.to_owned(), content };
    vec![file("model.csv", table), file("quantiles.csv", quantiles)]
}

/// A cell of text: neutralised, and quoted where it must be.
pub(super) fn cell(text: &str) -> String {
    let mut cell = Vec::new();
    put_text(&mut cell, text);
    String::from_utf8_lossy(&cell).into_owned()
}

const fn variables(of: &DirectionModel) -> [(&'static str, &Variable); 5] {
    [
        ("size_bytes", &of.size_bytes),
        ("duration_s", &of.duration_s),
        ("inter_arrival_s", &of.inter_arrival_s),
        ("think_time_s", &of.think_time_s),
        ("objects_per_stream", &of.objects_per_stream),
    ]
}

/// The cells of [`VALUES`].
fn values(variable: &Variable) -> Vec<String> {
    let number =
        |value: Option<f64>| value.filter(|value| value.is_finite()).map(|value| value.to_string()).unwrap_or_default();
    let Variable { n, zeros, mean, min, max, .. } = *variable;
    let mut cells = vec![n.to_string(), zeros.to_string(), number(mean), number(min)];
    cells.extend(PERCENTS.map(|percent| number(variable.quantiles.get(percent).copied())));
    cells.push(number(max));
    let best = variable.fits.first();
    cells.push(best.map(|best| best.distribution.family().to_owned()).unwrap_or_default());
    cells.extend(best.map_or([None; 9], |best| parameters(&best.distribution)).map(number));
    let goodness = best.map(|best| [best.goodness.ks, best.goodness.ad, best.goodness.aic]);
    cells.extend(goodness.map_or([None; 3], |of| of.map(Some)).map(number));
    cells
}

/// `fit_mean`, `mu`, `sigma`, `mu_2`, `sigma_2`, `weight`, `shape`, `scale` and `minimum`.
fn parameters(distribution: &Distribution) -> [Option<f64>; 9] {
    let (mut cells, mean) = ([None; 9], distribution.mean());
    let at: &[(usize, f64)] = match *distribution {
        Distribution::Exponential { .. } => &[],
        Distribution::Lognormal { mu, sigma } => &[(1, mu), (2, sigma)],
        Distribution::Weibull { shape, scale } => &[(6, shape), (7, scale)],
        Distribution::Pareto { minimum, shape } => &[(6, shape), (8, minimum)],
        Distribution::LognormalMixture { weight, mu, sigma } => {
            &[(1, mu[0]), (2, sigma[0]), (3, mu[1]), (4, sigma[1]), (5, weight)]
        }
    };
    cells[0] = mean.map(crate::model::significant::significant);
    at.iter().for_each(|&(at, value)| cells[at] = Some(value));
    cells
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::export::fixture;

    /// Lines of cells, as RFC 4180 has them; panics where lines differ in length.
    pub(in super::super) fn read(text: &str) -> Vec<Vec<String>> {
        let (mut lines, mut cells, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => cell.push(chars.next().unwrap()),
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                '\n' if !quoted => {
                    cells.push(std::mem::take(&mut cell));
                    lines.push(std::mem::take(&mut cells));
                }
                _ => cell.push(c),
            }
        }
        assert!(!quoted && cells.is_empty());
        assert!(lines.iter().all(|line: &Vec<String>| line.len() == lines[0].len()));
        lines
    }

    #[test]
    fn lines_tell_what_the_model_does() {
        let mut model = fixture::model();
        for distribution in fixture::DISTRIBUTIONS {
            model.groups[0].down.size_bytes.fits = vec![fixture::fit(distribution)];
            let lines = read(&files(&model)[0].content);
            assert_eq!(lines.len(), 1 + 3 * 2 * 5);
            let at = |name: &str| lines[0].iter().position(|column| column == name).unwrap();
            let line = lines.iter().find(|line| line[..3] == ["video.example", "down", "size_bytes"]).unwrap();
            let number = |name: &str| line[at(name)].parse::<f64>().unwrap();
            let variable = &model.groups[0].down.size_bytes;
            assert_eq!((number("n"), number("mean")), (variable.n as f64, variable.mean.unwrap()));
            assert_eq!((number("p50"), number("max")), (variable.quantiles[50], variable.max.unwrap()));
            assert_eq!(line[at("family")], distribution.family());
            let fitted = match distribution {
                Distribution::Exponential { .. } => Distribution::Exponential { mean: number("fit_mean") },
                Distribution::Lognormal { .. } => Distribution::Lognormal { mu: number("mu"), sigma: number("sigma") },
                Distribution::Weibull { .. } => {
                    Distribution::Weibull { shape: number("shape"), scale: number("scale") }
                }
                Distribution::Pareto { .. } => {
                    Distribution::Pareto { minimum: number("minimum"), shape: number("shape") }
                }
                Distribution::LognormalMixture { .. } => Distribution::LognormalMixture {
                    weight: number("weight"),
                    mu: [number("mu"), number("mu_2")],
                    sigma: [number("sigma"), number("sigma_2")],
                },
            };
            assert_eq!(fitted, distribution);
            let goodness = fixture::fit(distribution).goodness;
            assert_eq!([number("ks"), number("ad"), number("aic")], [goodness.ks, goodness.ad, goodness.aic]);
        }
    }

    #[test]
    fn quantiles_are_all_there() {
        let model = fixture::model();
        let lines = read(&files(&model)[1].content);
        let sizes = lines.iter().filter(|line| line[..3] == ["video.example", "up", "size_bytes"]);
        let values: Vec<f64> = sizes.map(|line| line[5].parse().unwrap()).collect();
        assert_eq!(values, model.groups[0].up.size_bytes.quantiles);
        assert_eq!(values.len(), 101);
    }

    #[test]
    fn no_cell_is_a_formula() {
        let cases = [
            ("www.example.com", "www.example.com"),
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("a,\"b\"\n", "\"a,\"\"b\"\"\n\""),
            ("=a,b", "\"'=a,b\""),
        ];
        for (text, expected) in cases {
            assert_eq!(cell(text), expected);
        }
    }
}
