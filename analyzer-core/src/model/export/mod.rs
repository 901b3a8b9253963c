//! Models to the input files of simulators.
//!
//! In: a [`Model`], and the [`Rows`] it was made of for what replays objects. Out: files as text, with relative names.
//! Guaranteed: equal input gives equal text; names of groups are host names that anyone can choose, so each syntax gets
//! them cleaned or escaped; a number is finite, or it is not written.

mod csv;
mod edgecloudsim;
#[cfg(test)]
mod fixture;
mod ifogsim;
mod inet;
mod names;
mod ns3;
mod replay;
mod tmix;
mod yafs;

use super::{Model, Rows};
use std::str::FromStr;

/// Files for a simulator.
///
/// [`Target::Tmix`] replays objects and needs the rows. [`Target::Inet`] and [`Target::Ns3`] give more with them;
/// [`Target::Inet`] and [`Target::EdgeCloudSim`] then also know how long clients pause between streams.
///
/// # Errors
///
/// When there is nothing to export, or the target needs rows and there are none.
pub fn export(target: Target, model: &Model, rows: Option<&Rows>) -> Result<Vec<ExportFile>, ExportError> {
    if model.groups.is_empty() {
        return Err(ExportError::Empty);
    }
    Ok(match target {
        Target::Inet => inet::files(model, rows),
        Target::Tmix => vec![tmix::file(rows.filter(|rows| !rows.is_empty()).ok_or(ExportError::NoObjects(target))?)],
        Target::Yafs => yafs::files(model),
        Target::Ns3 => ns3::files(model, rows),
        Target::EdgeCloudSim => vec![edgecloudsim::file(model, rows)],
        Target::IFogSim => ifogsim::files(model),
        Target::Csv => csv::files(model),
    })
}

/// What a model is exported to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// `omnetpp.ini` for the TCP applications of INET.
    Inet,
    /// Connection vectors of Tmix, for ns-2 and ns-3.
    Tmix,
    /// Applications and users of YAFS, in JSON.
    Yafs,
    /// Attributes of the HTTP applications of ns-3, and traces for its `UdpTraceClient`.
    Ns3,
    /// `applications.xml` of `EdgeCloudSim`.
    EdgeCloudSim,
    /// Arguments of the edges and sensors of iFogSim, in CSV.
    IFogSim,
    /// Tables, for everything else.
    Csv,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Inet, Self::Tmix, Self::Yafs, Self::Ns3, Self::EdgeCloudSim, Self::IFogSim, Self::Csv];

    /// The name on command lines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inet => "inet",
            Self::Tmix => "tmix",
            Self::Yafs => "yafs",
            Self::Ns3 => "ns3",
            Self::EdgeCloudSim => "edgecloudsim",
            Self::IFogSim => "ifogsim",
            Self::Csv => "csv",
        }
    }
}

impl FromStr for Target {
    type Err = UnknownTarget;

    fn from_str(name: &str) -> Result<Self, UnknownTarget> {
        Self::ALL.into_iter().find(|target| target.as_str() == name).ok_or(UnknownTarget)
    }
}

/// A name that no [`Target`] has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("models are exported to inet, tmix, yafs, ns3, edgecloudsim, ifogsim or csv")]
pub struct UnknownTarget;

/// A file to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its name, without a directory.
    pub name: String,
    /// Its text.
    pub content: String,
}

/// Why nothing is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The model has no groups.
    #[error("the model has no objects, so there is nothing to export")]
    Empty,
    /// The target replays objects.
    #[error("{} replays objects, which a model does not hold: export from results with objects", .0.as_str())]
    NoObjects(Target),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_found_by_its_name() {
        for target in Target::ALL {
            assert_eq!(target.as_str().parse(), Ok(target));
        }
        assert_eq!("INET".parse::<Target>(), Err(UnknownTarget));
        for target in Target::ALL {
            assert!(UnknownTarget.to_string().contains(target.as_str()));
        }
    }

    #[test]
    fn every_target_gives_files_with_plain_and_different_names_twice_the_same() {
        let (model, rows) = (fixture::model(), fixture::rows());
        for target in Target::ALL {
            let files = export(target, &model, Some(&rows)).unwrap();
            assert_eq!(files, export(target, &model, Some(&rows)).unwrap());
            let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), files.len());
            for file in &files {
                let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                assert!(file.name.chars().all(plain) && !file.name.starts_with('.'), "{}", file.name);
                assert!(!file.content.is_empty(), "{}", file.name);
                assert!(!file.content.contains("NaN") && !file.content.contains("inf"), "{}", file.name);
            }
        }
    }

    #[test]
    fn only_tmix_needs_rows() {
        for target in Target::ALL {
            let result = export(target, &fixture::model(), None).map(drop);
            let expected = if target == Target::Tmix { Err(ExportError::NoObjects(target)) } else { Ok(()) };
            assert_eq!(result, expected);
        }
    }

    #[test]
    fn a_model_without_groups_gives_an_error() {
        let mut model = fixture::model();
        model.groups.clear();
        for target in Target::ALL {
            assert_eq!(export(target, &model, Some(&fixture::rows())), Err(ExportError::Empty));
        }
    }
}
