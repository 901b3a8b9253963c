//! A recording that is read in parts, one after the other, as if at once.
//!
//! In: a state, and the files that come next. Out: records of what ended in this part, and the state that the next part goes
//! on from. Guaranteed: the parts' records, one part's after the other's, are those of one run over all files, but for the
//! two ids, wherever the recording was cut between files; a file that was read, or that begins before one that was, is
//! refused.

use super::digest::{CaptureDigest, id_of_parts};
use super::engine::Engine;
use super::{Analyzer, Files, Reading, Totals, one_pass};
use crate::config::Config;
use crate::object::CutPolicy;
use crate::record::{ContinuationRecord, InputRecord, Kind};
use crate::state::{self, StateError};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which part of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Continuation {
    /// Its number, from 1.
    pub part: u64,
    /// The recording ends with it.
    pub is_last: bool,
    pub(super) before: Before,
}

/// What had been read and emitted when a part began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) inputs: usize,
    pub(super) frames: u64,
    pub(super) objects: u64,
    pub(super) streams: u64,
    pub(super) bins: u64,
    pub(super) packets: u64,
}

impl Before {
    pub(super) const fn emitted(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Objects => self.objects,
            Kind::Streams => self.streams,
            Kind::Bins => self.bins,
            Kind::Packets => self.packets,
        }
    }
}

impl Continuation {
    pub(super) fn record(&self, kinds: &[Kind]) -> ContinuationRecord {
        let before = |kind: &Kind| (kind.as_str().to_owned(), self.before.emitted(*kind));
        ContinuationRecord {
            part: self.part,
            is_last: self.is_last,
            records_before: kinds.iter().map(before).collect(),
        }
    }
}

/// What is known of the parts and files of a recording, besides its packets.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Parts {
    /// Parts that ended.
    ended: u64,
    /// The capture's id, as soon as there is a packet.
    capture_id: Option<String>,
    /// The recording's name in the results.
    capture_name: String,
    /// First packet's time and name of the file that is latest in the order of reading.
    latest: Option<(Timestamp, String)>,
    /// Digests of the files that have packets, with their places among all files.
    digests: BTreeMap<u64, usize>,
    #[serde(skip)]
    before: Before,
    /// Why the files of this part can't be used together with those before.
    #[serde(skip)]
    refused: Option<StateError>,
}

/// A file that was read.
pub(super) struct ReadFile<'a> {
    pub(super) name: &'a str,
    /// First packet's time.
    pub(super) start: Option<Timestamp>,
}

impl Parts {
    pub(super) fn capture_id(&self) -> String {
        self.capture_id.clone().unwrap_or_else(|| id_of_parts(&[]))
    }

    pub(super) const fn continuation(&self, is_last: bool) -> Continuation {
        Continuation { part: self.ended + 1, is_last, before: self.before }
    }

    pub(super) const fn frames_before(&self) -> u64 {
        self.before.frames
    }

    /// Checks the place of the next file.
    fn admit(&mut self, name: &str, start: Option<Timestamp>, inputs: &[InputRecord]) -> Result<(), StateError> {
        let start_text = start.map(|start| start.to_string());
        let is_same = |input: &InputRecord| input.name == name && input.start == start_text;
        let consumed = || StateError::Consumed { name: name.to_owned(), read_as: name.to_owned() };
        let Some(start) = start else {
            // Files without packets have no place, and come last in their part.
            return if inputs.iter().any(is_same) { Err(consumed()) } else { Ok(()) };
        };
        if let Some((last_start, last_name)) = &self.latest
            && (start, name) <= (*last_start, last_name)
        {
            if (start, name) == (*last_start, last_name) || inputs.iter().any(is_same) {
                return Err(consumed());
            }
            let (last_name, last_start) = (last_name.clone(), *last_start);
            return Err(StateError::OutOfOrder { name: name.to_owned(), start, last_name, last_start });
        }
        self.latest = Some((start, name.to_owned()));
        Ok(())
    }

    /// Notes the file that was read after these.
    pub(super) fn close(&mut self, file: &ReadFile<'_>, packets: CaptureDigest, inputs: &[InputRecord]) {
        let Some(start) = file.start else { return };
        let (digest, first_packet) = packets.finish_file();
        self.capture_id.get_or_insert_with(|| id_of_parts(&first_packet));
        let latest = (start, file.name.to_owned());
        if self.latest.as_ref().is_none_or(|known| *known < latest) {
            self.latest = Some(latest);
        }
        match self.digests.get(&digest).and_then(|at| inputs.get(*at)) {
            Some(same) => {
                let (name, read_as) = (file.name.to_owned(), same.name.clone());
                self.refused.get_or_insert(StateError::Consumed { name, read_as });
            }
            None => drop(self.digests.insert(digest, inputs.len())),
        }
    }
}

impl Analyzer {
    /// The first part of a recording that is read in parts: as [`Analyzer::new`], but the capture's id comes from the first
    /// packet alone, so that it never equals that of a recording that is read at once.
    ///
    /// For each part call [`admit`](Self::admit) for its files in their order, read them,
    /// [`check_files`](Self::check_files), and then [`suspend`](Self::suspend), or [`finish`](Self::finish) after the last.
    ///
    /// # Errors
    /// When the configuration can't work, or its method reads twice.
    pub fn in_parts(config: Config) -> Result<Self, StateError> {
        let policy = one_pass(config.method).ok_or(StateError::MeanGap)?;
        Ok(Self { parts: Some(Parts::default()), ..Self::with_policy(config, policy)? })
    }

    /// The next part of a recording, from the state that [`suspend`](Self::suspend) gave with the same options.
    ///
    /// # Errors
    /// When the state is none, is damaged, or was made by another version or with other options.
    pub fn resume(config: Config, state: &[u8]) -> Result<Self, StateError> {
        let policy: CutPolicy = one_pass(config.method).ok_or(StateError::MeanGap)?;
        config.validate()?;
        let (engine, files, parts) = state::open::<(Engine, Files, Parts)>(&config, state)?;
        let engine = engine.resumed(config, policy);
        let before = engine.before(files.inputs.len());
        Ok(Self { engine, input: None, files, parts: Some(Parts { before, ..parts }) })
    }

    /// Checks that a file may be read next, by its name without folders and its first packet's time as
    /// [`Probe`](crate::capture::Probe) finds it. The files of a part may all be admitted before the first is read. Without
    /// parts everything is admitted.
    ///
    /// # Errors
    /// When the file was read or admitted already, or begins before one that was.
    pub fn admit(&mut self, name: &str, start: Option<Timestamp>) -> Result<(), StateError> {
        match &mut self.parts {
            Some(parts) => parts.admit(name, start, &self.files.inputs),
            None => Ok(()),
        }
    }

    /// Checks that no file that was read has the same packets as an earlier one, under whatever name. To be called before
    /// anything of the part is written.
    ///
    /// # Errors
    /// Names the first such file.
    pub fn check_files(&self) -> Result<(), StateError> {
        match self.parts.as_ref().and_then(|parts| parts.refused.as_ref()) {
            Some(refused) => Err(refused.clone()),
            None => Ok(()),
        }
    }

    /// The recording's name in the results of the parts before, if there are any.
    #[must_use]
    pub fn capture_name(&self) -> Option<&str> {
        self.parts.as_ref().filter(|parts| parts.ended > 0).map(|parts| parts.capture_name.as_str())
    }

    /// Ends a part between two files: no stream ends, and nothing more is emitted. Returns the totals of the recording so
    /// far and the state that the next part goes on from. `reading` and `capture_name` as in [`Totals::manifest`].
    ///
    /// # Errors
    /// When the analysis was not begun [in parts](Self::in_parts), a file is open, the reading was interrupted, there was no
    /// packet yet, or the files are [refused](Self::check_files).
    pub fn suspend(mut self, reading: &Reading, capture_name: &str) -> Result<(Totals, Vec<u8>), StateError> {
        self.check_files()?;
        let Some(mut parts) = self.parts else { return Err(StateError::NotInParts) };
        if self.input.is_some() {
            return Err(StateError::InsideFile);
        }
        if reading.interrupted.is_some() {
            return Err(StateError::Interrupted);
        }
        if parts.capture_id.is_none() {
            return Err(StateError::NoPacket);
        }
        // Causes that only the shell knows are part of what later manifests tell.
        reading.mark(self.files.inputs.get_mut(parts.before.inputs..).unwrap_or_default());
        capture_name.clone_into(&mut parts.capture_name);
        let (capture_id, continuation) = (parts.capture_id(), parts.continuation(false));
        parts.ended += 1;
        let state = state::seal(self.engine.config(), &(&self.engine, &self.files, &parts));
        Ok((self.engine.suspend(self.files, capture_id, continuation), state))
    }
}
