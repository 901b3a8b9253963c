//! Numbers as people read them: expressions of Vega.
//!
//! In: an expression. Out: an expression that gives text with a unit. Guaranteed: what is unknown gives a dash.

/// Significant digits.
const DIGITS: u8 = 3;

/// Bytes in powers of 1024.
pub(super) fn bytes(value: &str) -> String {
    format!(
        "{value} < 1024 ? format({value}, ',') + ' B' \
         : {value} < 1048576 ? format({value} / 1024, '.{DIGITS}~r') + ' KiB' \
         : {value} < 1073741824 ? format({value} / 1048576, '.{DIGITS}~r') + ' MiB' \
         : format({value} / 1073741824, ',.{DIGITS}~r') + ' GiB'"
    )
}

/// Nanoseconds in the unit that fits.
pub(super) fn duration(value: &str) -> String {
    rounded_duration(value, DIGITS)
}

/// The same with this many digits.
pub(super) fn rounded_duration(value: &str, digits: u8) -> String {
    format!(
        "!isValid({value}) ? '–' \
         : {value} < 1e3 ? format({value}, '.{digits}~r') + ' ns' \
         : {value} < 1e6 ? format({value} / 1e3, '.{digits}~r') + ' µs' \
         : {value} < 1e9 ? format({value} / 1e6, '.{digits}~r') + ' ms' \
         : {value} < 12e10 ? format({value} / 1e9, '.{digits}~r') + ' s' \
         : {value} < 72e11 ? format({value} / 6e10, '.{digits}~r') + ' min' \
         : format({value} / 36e11, ',.{digits}~r') + ' h'"
    )
}

/// Bits a second in powers of 1000.
pub(super) fn rate(value: &str) -> String {
    format!("isValid({value}) ? format({value}, '.{DIGITS}~s') + 'bit/s' : '–'")
}

/// A number with thousands apart.
pub(super) fn number(value: &str) -> String {
    format!("format({value}, ',')")
}
