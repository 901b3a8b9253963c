//! Rules of cutting and of streams, on conversations written down packet by packet.

mod conversation;
mod rules;
mod streams;
