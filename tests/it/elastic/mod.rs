//! The product against a real Elasticsearch.

mod documents;
mod encrypted;
mod faults;
mod life;
mod manage;
mod panels;
mod proxy;
mod security;
pub(crate) mod server;
mod store;
