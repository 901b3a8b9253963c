//! Standard input and named pipes: bytes that come when they come.
//!
//! In: a blocking reader. Out: the same bytes from a thread of their own, so that Ctrl-C ends the reading even while
//! nothing arrives. Guaranteed: at most [`BLOCKS_AHEAD`] blocks wait in memory.

use crate::interrupt;
use std::io::{self, Read};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

const BLOCK_BYTES: usize = 1 << 20;
const BLOCKS_AHEAD: usize = 4;
const INTERRUPT_CHECK: Duration = Duration::from_millis(50);

/// The receiving end.
pub(crate) struct Piped {
    blocks: Receiver<io::Result<Vec<u8>>>,
    block: Vec<u8>,
    used: usize,
}

impl Piped {
    /// Opens the source in its own thread (opening a named pipe waits for its writer) and reads it to its end.
    pub(crate) fn spawn<R: Read>(open: impl FnOnce() -> io::Result<R> + Send + 'static) -> Self {
        let (sender, blocks) = sync_channel(BLOCKS_AHEAD);
        // Not joined: it may wait for bytes that never come, and it ends with the process.
        std::thread::spawn(move || {
            let mut source = match open() {
                Ok(source) => source,
                Err(error) => return drop(sender.send(Err(error))),
            };
            loop {
                let mut block = vec![0; BLOCK_BYTES];
                let result = match source.read(&mut block) {
                    Ok(0) => return,
                    Ok(bytes) => {
                        block.truncate(bytes);
                        Ok(block)
                    }
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => Err(error),
                };
                let failed = result.is_err();
                if sender.send(result).is_err() || failed {
                    return;
                }
            }
        });
        Self { blocks, block: Vec::new(), used: 0 }
    }
}

impl Read for Piped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.used == self.block.len() {
            match self.blocks.recv_timeout(INTERRUPT_CHECK) {
                Ok(block) => (self.block, self.used) = (block?, 0),
                Err(RecvTimeoutError::Timeout) if !interrupt::requested() => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(0),
            }
        }
        let bytes = buffer.len().min(self.block.len() - self.used);
        buffer[..bytes].copy_from_slice(&self.block[self.used..self.used + bytes]);
        self.used += bytes;
        Ok(bytes)
    }
}
