//! Nothing to link: this package owns the one integration test binary, `it/main.rs`.
