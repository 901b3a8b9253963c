//! Records between the analysis and their encoding.
//!
//! Every written record names the capture's and the analysis' ids, and these are digests of all packets: they are
//! known only at the end. So records wait here, in compact binary form: in memory while they are few, else in a
//! temporary file without a name, which vanishes with the process. Memory stays flat whatever the capture's size, and
//! no result holds an id that later turns out wrong.
//!
//! In: the records of an analysis, through [`Sink`]. Out: the same records in the same order, as often as asked for.
//! A sink can't fail, so the first error is kept until [`Spool::check`].

use analyzer_core::Sink;
use analyzer_core::model::Tallying;
use analyzer_core::record::block::{self, BLOCK_BYTES, BlockWriter, DamagedBlock};
use analyzer_core::record::compact::Compact;
use analyzer_core::record::{BinRecord, Kind, ObjectRecord, PacketRecord, Record, StreamRecord};
use anyhow::Context as _;
use std::io::{self, Read, Seek, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// A kind whose records take less stays in memory.
const MEMORY_BYTES: usize = 2 << 20;

/// The wanted kinds of records of one analysis.
#[derive(Default)]
pub(crate) struct Spool {
    pub(crate) objects: Option<SpoolFile<ObjectRecord>>,
    pub(crate) streams: Option<SpoolFile<StreamRecord>>,
    pub(crate) bins: Option<SpoolFile<BinRecord>>,
    pub(crate) packets: Option<SpoolFile<PacketRecord>>,
    /// Counts for a model, made while the records come.
    pub(crate) tallying: Option<Tallying>,
}

impl Spool {
    /// Keeps records of these kinds, in a file of `folder` when they are many.
    pub(crate) fn new(kinds: &[Kind], folder: &Path) -> Self {
        let mut spool = Self::default();
        for kind in kinds {
            match kind {
                Kind::Objects => spool.objects = Some(SpoolFile::new(folder)),
                Kind::Streams => spool.streams = Some(SpoolFile::new(folder)),
                Kind::Bins => spool.bins = Some(SpoolFile::new(folder)),
                Kind::Packets => spool.packets = Some(SpoolFile::new(folder)),
            }
        }
        spool
    }

    /// Whether no kind is wanted.
    pub(crate) fn is_empty(&self) -> bool {
        self.objects.is_none()
            && self.streams.is_none()
            && self.bins.is_none()
            && self.packets.is_none()
            && self.tallying.is_none()
    }

    /// # Errors
    /// The first error since the last call.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        fn of<R>(file: &mut Option<SpoolFile<R>>) -> anyhow::Result<()> {
            let Some(file) = file else { return Ok(()) };
            let Some(error) = file.error.take() else { return Ok(()) };
            Err(error).with_context(|| {
                format!("records can't be kept in a temporary file of {} (is the disk full?)", file.folder.display())
            })
        }
        of(&mut self.objects)?;
        of(&mut self.streams)?;
        of(&mut self.bins)?;
        of(&mut self.packets)
    }
}

impl Sink for Spool {
    fn wants_streams(&self) -> bool {
        self.streams.is_some() || self.tallying.is_some()
    }
    fn object(&mut self, object: &ObjectRecord) {
        if let Some(file) = &mut self.objects {
            file.push(object);
        }
        if let Some(tallying) = &mut self.tallying {
            tallying.object(object);
        }
    }
    fn stream(&mut self, stream: &StreamRecord) {
        if let Some(file) = &mut self.streams {
            file.push(stream);
        }
        if let Some(tallying) = &mut self.tallying {
            tallying.stream(stream);
        }
    }
    fn bin(&mut self, bin: &BinRecord) {
        if let Some(file) = &mut self.bins {
            file.push(bin);
        }
    }
    fn packet(&mut self, packet: &PacketRecord) {
        if let Some(file) = &mut self.packets {
            file.push(packet);
        }
    }
}

/// A record that can be spooled and encoded.
pub(crate) trait SpooledRecord: Record + Compact {}

impl<R: Record + Compact> SpooledRecord for R {}

/// Records of one kind.
pub(crate) struct SpoolFile<R> {
    /// Blocks, each preceded by its length.
    file: SpooledTempFile,
    folder: PathBuf,
    writer: BlockWriter,
    error: Option<io::Error>,
    record: PhantomData<R>,
}

impl<R> SpoolFile<R> {
    fn new(folder: &Path) -> Self {
        Self {
            file: tempfile::spooled_tempfile_in(MEMORY_BYTES, folder),
            folder: folder.to_owned(),
            writer: BlockWriter::new(),
            error: None,
            record: PhantomData,
        }
    }
}

/// Writes a block unless an earlier one could not be written.
fn keep(block: &[u8], file: &mut SpooledTempFile, error: &mut Option<io::Error>) {
    if error.is_none() && !block.is_empty() {
        let length = (block.len() as u32).to_le_bytes();
        *error = file.write_all(&length).and_then(|()| file.write_all(block)).err();
    }
}

impl<R: Compact> SpoolFile<R> {
    #[inline]
    fn push(&mut self, record: &R) {
        self.writer.push(record, |full| keep(full, &mut self.file, &mut self.error));
    }

    /// Calls `each` with all records in the order in which they came.
    ///
    /// # Errors
    /// The first error of `each`, or of the temporary file.
    pub(crate) fn for_each(&mut self, mut each: impl FnMut(&R) -> anyhow::Result<()>) -> anyhow::Result<()> {
        keep(self.writer.take(), &mut self.file, &mut self.error);
        if let Some(error) = self.error.take() {
            return Err(error).context("the temporary file can't be written");
        }
        let unreadable = "the temporary file can't be read back";
        let end = self.file.stream_position().context(unreadable)?;
        self.file.rewind().context(unreadable)?;
        let mut room = vec![0; BLOCK_BYTES];
        let mut at = 0;
        while at < end {
            let mut length = [0; 4];
            self.file.read_exact(&mut length).context(unreadable)?;
            let bytes = u32::from_le_bytes(length) as usize;
            let block = room.get_mut(..bytes).context(unreadable)?;
            self.file.read_exact(block).context(unreadable)?;
            at += (length.len() + bytes) as u64;
            block::for_each(block, &mut each).map_err(|error: anyhow::Error| {
                if error.is::<DamagedBlock>() { error.context(unreadable) } else { error }
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::samples;

    #[test]
    fn records_come_back_in_order_from_memory_and_from_the_file() {
        for records in [0, 1, 100_000] {
            let mut spool = Spool::new(&[Kind::Objects], &std::env::temp_dir());
            for index in 0..records {
                spool.object(&ObjectRecord { index, ..samples::object() });
            }
            spool.stream(&samples::stream());
            spool.check().unwrap();
            assert!(spool.streams.is_none());
            let mut file = spool.objects.unwrap();
            for _ in 0..2 {
                let mut next = 0;
                file.for_each(|object| {
                    assert_eq!(*object, ObjectRecord { index: next, ..samples::object() });
                    next += 1;
                    Ok(())
                })
                .unwrap();
                assert_eq!(next, records);
            }
        }
    }

    #[test]
    fn an_error_is_kept_until_it_is_asked_for() {
        let mut spool = Spool::new(&[Kind::Objects], Path::new("/nowhere/at/all"));
        for _ in 0..100_000 {
            spool.object(&samples::object());
        }
        let error = spool.check().unwrap_err();
        assert!(format!("{error:#}").contains("/nowhere/at/all"), "{error:#}");
        assert!(spool.check().is_ok());
    }
}
