//! Lines on standard error.
//!
//! In: words. Out: a line. Guaranteed: a standard error that is gone or full, as after `| head` or when a log's disk is full, costs
//! the line and nothing else. `eprintln!` would panic, and the packets that wait would be lost.

use std::fmt::Arguments;
use std::io::Write;

/// Writes a line on standard error, if that is possible; takes what `format!` takes.
macro_rules! notice {
    ($($words:tt)*) => {
        $crate::notice::line(&mut std::io::stderr().lock(), format_args!($($words)*))
    };
}
pub(crate) use notice;

pub(crate) fn line(out: &mut impl Write, words: Arguments<'_>) {
    let _ = writeln!(out, "{words}");
}

#[cfg(test)]
mod tests {
    use std::fs::{read_dir, read_to_string};
    use std::path::Path;

    /// No module may go back to the macro that panics.
    #[test]
    fn no_line_can_end_a_recording() {
        fn check(folder: &Path) {
            for entry in read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    check(&path);
                } else {
                    let macro_call = concat!("eprint", "ln!(");
                    let text = read_to_string(&path).expect("a module");
                    assert!(!text.contains(macro_call), "{} calls {macro_call}…)", path.display());
                }
            }
        }
        check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    }
}
