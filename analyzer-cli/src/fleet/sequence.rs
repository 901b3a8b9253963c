//! Several files one after the other in one stream of bytes.
//!
//! In: a stream, such as standard input, and how long each file is. Out: a reader for each. Guaranteed: a file ends where its length says,
//! so that neither a damaged file nor one that is not read to its end moves the next; a stream that ends early is an error.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// A stream of files.
#[derive(Clone)]
pub(crate) struct Sequence {
    stream: Arc<Mutex<Stream>>,
}

struct Stream {
    bytes: Box<dyn Read + Send>,
    /// Of the current file.
    left: u64,
}

/// The current file.
pub(crate) struct Part {
    sequence: Sequence,
    name: String,
    bytes: u64,
}

impl Sequence {
    /// Of a stream that begins with the first file.
    pub(crate) fn new(bytes: impl Read + Send + 'static) -> Self {
        Self { stream: Arc::new(Mutex::new(Stream { bytes: Box::new(bytes), left: 0 })) }
    }

    /// The next file, of so many bytes; what is left of the one before is passed over.
    ///
    /// # Errors
    /// When the stream ends in the one before, or can't be read.
    pub(crate) fn next(&self, name: &str, bytes: u64) -> io::Result<Part> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        stream.pass()?;
        stream.left = bytes;
        drop(stream);
        Ok(Part { sequence: self.clone(), name: name.to_owned(), bytes })
    }

    /// Checks that the stream ends where the last file does.
    ///
    /// # Errors
    /// When it ends before, goes on, or can't be read.
    pub(crate) fn finish(&self) -> io::Result<()> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        stream.pass()?;
        match stream.bytes.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(io::Error::other("it goes on after the last file")),
        }
    }
}

impl Stream {
    fn pass(&mut self) -> io::Result<()> {
        let passed = io::copy(&mut (&mut self.bytes).take(self.left), &mut io::sink())?;
        self.left -= passed;
        if self.left > 0 {
            return Err(io::Error::other(format!("it ends {} bytes before the end of a file", self.left)));
        }
        Ok(())
    }
}

impl Read for Part {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut stream = self.sequence.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = buffer.len().min(usize::try_from(stream.left).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Ok(0);
        }
        let bytes = stream.bytes.read(&mut buffer[..wanted])?;
        stream.left -= bytes as u64;
        if bytes == 0 {
            let (name, there) = (&self.name, self.bytes - stream.left);
            let text = format!("the stream ends after {there} of the {} bytes of {name}", self.bytes);
            return Err(io::Error::other(text));
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(part: io::Result<Part>, most: u64) -> Result<String, String> {
        let mut text = String::new();
        let read = part.and_then(|part| part.take(most).read_to_string(&mut text));
        read.map(|_| text).map_err(|error| error.to_string())
    }

    #[test]
    fn files_follow_each_other_whether_they_are_read_to_their_end_or_not() {
        let all = u64::MAX;
        for most in [all, 2, 0] {
            let sequence = Sequence::new(Cursor::new("aaabbbbbc"));
            for (bytes, text) in [(3, "aaa"), (0, ""), (5, "bbbbb"), (1, "c")] {
                let wanted = &text[..text.len().min(usize::try_from(most).unwrap_or(usize::MAX))];
                assert_eq!(read(sequence.next("x", bytes), most).as_deref(), Ok(wanted), "{most}");
            }
            assert!(sequence.finish().is_ok());
        }
        let longer = Sequence::new(Cursor::new("aab"));
        assert_eq!(read(longer.next("x", 2), all).as_deref(), Ok("aa"));
        assert_eq!(longer.finish().unwrap_err().to_string(), "it goes on after the last file");
    }

    #[test]
    fn a_stream_that_ends_early_is_an_error() {
        let sequence = Sequence::new(Cursor::new("aaab"));
        assert_eq!(read(sequence.next("x", 3), u64::MAX).as_deref(), Ok("aaa"));
        let short = read(sequence.next("y", 5), u64::MAX);
        assert_eq!(short.unwrap_err(), "the stream ends after 1 of the 5 bytes of y");
        assert_eq!(read(sequence.next("z", 1), 1).unwrap_err(), "it ends 4 bytes before the end of a file");
    }
}
