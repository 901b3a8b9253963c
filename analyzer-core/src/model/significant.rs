//! Rounding of what a model tells.
//!
//! In: floats. Out: the same with 6 significant digits. Guaranteed: logarithms that differ in the last bit, as they do
//! between machines and WebAssembly, give the same text, but for a value that stands just between two roundings.

/// Rounds to 6 significant digits: in decimal, so that the shortest text of the result has no more digits.
pub(super) fn significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 { 0.0 } else { value };
    }
    format!("{value:.5e}").parse().unwrap_or(value)
}
