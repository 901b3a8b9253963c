//! How the reading of a recording ended.
//!
//! In: what a shell knows and the core can't: faults of disks, networks and compressions, and that the user wanted no
//! more. Out: one [`Outcome`], and what the manifest says of it. Guaranteed: every shell tells the same end alike.

use crate::capture;
use crate::record::{FaultRecord, InputRecord};

/// What became of the inputs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The inputs that could not be read to their end, those that the core found included.
    pub faults: Vec<ReadFault>,
    /// The input in which the user ended the reading, and the byte; the later ones were not begun.
    pub interrupted: Option<(usize, u64)>,
}

/// Why an input could not be read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadFault {
    /// Which input it is.
    pub input: usize,
    /// Byte of the decompressed file.
    pub offset: u64,
    /// What is wrong there.
    pub reason: String,
}

/// How an analysis ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was read.
    Complete,
    /// Something could not be read; what could be is in the results.
    Partial,
    /// The user ended it; what was read until then is in the results.
    Interrupted,
    /// Nothing could be read.
    Failed,
}

impl Outcome {
    /// The manifest's status; one of nothing at all is not written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial | Self::Failed => "partial",
            Self::Interrupted => "interrupted",
        }
    }
}

impl Reading {
    /// Notes how an input ended: what ended it early, if the shell knows (byte and reason), and what the core said when
    /// it was told that nothing more comes.
    pub fn end_input(&mut self, input: usize, cause: Option<(u64, String)>, ended: Result<(), capture::Fault>) {
        let fault = match (cause, ended) {
            // After an early end the core sees a cut packet, but the cause is known better here.
            (Some(cause), _) => Some(cause),
            (None, Err(fault)) if self.interrupted.is_none() => Some((fault.offset, fault.kind.to_string())),
            _ => None,
        };
        self.faults.extend(fault.map(|(offset, reason)| ReadFault { input, offset, reason }));
    }

    /// How an analysis of so many packets ended.
    #[must_use]
    pub const fn outcome(&self, frames: u64) -> Outcome {
        if self.interrupted.is_some() {
            Outcome::Interrupted
        } else if self.faults.is_empty() {
            Outcome::Complete
        } else if frames == 0 {
            Outcome::Failed
        } else {
            Outcome::Partial
        }
    }

    /// Whether an analysis of so many packets has anything to write or show. An empty capture has a result; an unreadable
    /// one has none.
    #[must_use]
    pub const fn has_results(&self, frames: u64) -> bool {
        match self.outcome(frames) {
            Outcome::Complete | Outcome::Partial => true,
            Outcome::Interrupted => frames > 0,
            Outcome::Failed => false,
        }
    }

    /// Notes the faults where the manifest has them, at the inputs of this reading: an interruption is one too.
    pub(super) fn mark(&self, inputs: &mut [InputRecord]) {
        let interrupted =
            self.interrupted.map(|(input, offset)| ReadFault { input, offset, reason: "interrupted".to_owned() });
        for ReadFault { input, offset, reason } in self.faults.iter().cloned().chain(interrupted) {
            if let Some(input) = inputs.get_mut(input) {
                input.fault = Some(FaultRecord { offset, reason });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Fault, FaultKind};
    use crate::record::Kind;
    use crate::sink::NullSink;
    use crate::{Analyzer, Config};

    fn fault(input: usize, offset: u64, reason: &str) -> ReadFault {
        ReadFault { input, offset, reason: reason.to_owned() }
    }

    #[test]
    fn outcomes() {
        let faulty = Reading { faults: vec![fault(0, 1, "x")], interrupted: None };
        let interrupted = Reading { interrupted: Some((1, 5)), ..faulty.clone() };
        for (reading, frames, outcome, status, has_results) in [
            (Reading::default(), 0, Outcome::Complete, "complete", true),
            (Reading::default(), 9, Outcome::Complete, "complete", true),
            (faulty.clone(), 0, Outcome::Failed, "partial", false),
            (faulty, 9, Outcome::Partial, "partial", true),
            (interrupted.clone(), 0, Outcome::Interrupted, "interrupted", false),
            (interrupted, 9, Outcome::Interrupted, "interrupted", true),
        ] {
            let found = (reading.outcome(frames), reading.outcome(frames).as_str(), reading.has_results(frames));
            assert_eq!(found, (outcome, status, has_results), "{reading:?}, {frames} frames");
        }
    }

    #[test]
    fn the_nearest_cause_of_an_end_is_told() {
        let cut = || Err(Fault { offset: 40, kind: FaultKind::Empty });
        let cause = || Some((50, "the disk".to_owned()));
        for (cause, ended, interrupted, expected) in [
            (None, Ok(()), None, None),
            (None, cut(), None, Some(fault(3, 40, "the file is empty"))),
            (None, cut(), Some((3, 60)), None),
            (cause(), Ok(()), None, Some(fault(3, 50, "the disk"))),
            (cause(), cut(), None, Some(fault(3, 50, "the disk"))),
            (cause(), cut(), Some((3, 60)), Some(fault(3, 50, "the disk"))),
        ] {
            let mut reading = Reading { faults: Vec::new(), interrupted };
            reading.end_input(3, cause, ended);
            assert_eq!(reading.faults.pop(), expected);
        }
    }

    #[test]
    fn the_manifest_tells_what_the_shell_knows() {
        let mut analyzer = Analyzer::new(Config::default()).expect("the defaults work");
        for name in ["a", "b", "c"] {
            analyzer.begin_input(name);
            let empty = analyzer.end_input();
            assert!(empty.is_err());
        }
        let totals = analyzer.finish(&mut NullSink);
        // An input that is not there is not told about.
        let faults = vec![fault(0, 7, "the disk"), fault(9, 8, "nowhere")];
        let reading = Reading { faults, interrupted: Some((1, 5)) };
        let manifest = totals.manifest("t", "n", &reading, &[Kind::Bins, Kind::Objects]);
        let told: Vec<_> = manifest
            .inputs
            .iter()
            .map(|input| input.fault.as_ref().map(|fault| (fault.offset, fault.reason.as_str())))
            .collect();
        assert_eq!(told, [Some((7, "the disk")), Some((5, "interrupted")), Some((0, "the file is empty"))]);
        assert_eq!(manifest.status, "interrupted");
        assert_eq!(manifest.records.keys().collect::<Vec<_>>(), ["bins", "objects"]);
    }
}
