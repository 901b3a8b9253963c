//! Turns captured packets into streams and exchanged objects.
//!
//! Push bytes of capture files in ([`Analyzer::push`]), take records out of a [`Sink`]; the data flows one way:
//! [`capture`] → [`decode`] → [`flow`] → [`object`] → [`record`] → [`sink`].
//!
//! [`name`] stands beside `flow`: what servers are called, by the first bytes of streams and the answers before them.
//!
//! [`keep`] stands beside: what a recorder has to write of a packet, so that the analysis finds the same.
//! [`state`] lets a recording be read in parts, one after the other, as if at once.
//! [`model`] takes what the analysis found: distributions of objects, for simulators.
//!
//! This crate does no I/O: it opens no file and no socket, starts no thread, and knows no clock but the packets'.
//! It keeps no payload, and decrypts nothing but QUIC's Initial packets, whose keys are public and protect against nobody.
//! The same bytes in any chunking give the same records in the same order, natively and in WebAssembly.

#![forbid(unsafe_code)]
#![deny(clippy::disallowed_methods)]

mod analyzer;
pub mod capture;
mod config;
pub mod decode;
pub mod diagnostics;
pub mod flow;
pub mod keep;
pub mod model;
pub mod name;
pub mod object;
pub mod record;
pub mod sink;
pub mod state;
pub mod summary;
pub mod time;

pub use analyzer::{Analyzer, Continuation, GapMeter, Outcome, ReadFault, Reading, Totals};
pub use config::{ClientNetwork, Config, ConfigError, ProtocolFilter};
pub use object::{MeanGaps, Method, MethodError};
pub use sink::Sink;
pub use state::StateError;
