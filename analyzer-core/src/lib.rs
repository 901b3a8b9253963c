//! Turns captured packets into streams and exchanged objects.
//!
//! Push bytes of capture files in ([`Analyzer::push`]), take records out of a [`Sink`]; the data flows one way:
//! [`capture`] → [`decode`] → [`flow`] → [`object`] → [`record`] → [`sink`].
//!
//! [`keep`] stands beside: what a recorder has to write of a packet, so that the analysis finds the same.
//!
//! This crate does no I/O: it opens no file and no socket, starts no thread, and knows no clock but the packets'.
//! It decrypts nothing and keeps no payload. The same bytes in any chunking give the same records in the same order,
//! natively and in WebAssembly.

#![forbid(unsafe_code)]
#![deny(clippy::disallowed_methods)]

mod analyzer;
pub mod capture;
mod config;
pub mod decode;
pub mod diagnostics;
pub mod flow;
pub mod keep;
pub mod object;
pub mod record;
pub mod sink;
pub mod summary;
pub mod time;

pub use analyzer::{Analyzer, GapMeter, Outcome, ReadFault, Reading, Totals};
pub use config::{ClientNetwork, Config, ConfigError, ProtocolFilter};
pub use object::{MeanGaps, Method, MethodError};
pub use sink::Sink;
