//! Columns of the core to typed arrays, and their TypeScript declarations.

use analyzer_core::sink::columns as core;
use analyzer_core::time::Timestamp;
use js_sys::{Float64Array, Object, Reflect, Uint8Array, Uint16Array, Uint32Array};
use wasm_bindgen::prelude::*;

pub(crate) const fn time(nanos: i64) -> Timestamp {
    Timestamp::from_nanos(nanos)
}

/// Declares a batch for both languages, and its conversion: one object with a typed array for each column.
macro_rules! batch {
    ($convert:ident, $batch:ident, $name:literal { $( $field:ident as $js:literal: $array:ident ),* $(,)? }) => {
        #[wasm_bindgen(typescript_custom_section)]
        const _: &str = concat!(
            "export interface ", $name, " {\n",
            $( "  readonly ", $js, ": ", stringify!($array), "<ArrayBuffer>;\n", )*
            "}\n"
        );

        #[wasm_bindgen]
        extern "C" {
            #[doc = concat!("`", $name, "` of the page: an object with a typed array for each column.")]
            #[wasm_bindgen(typescript_type = $name)]
            pub type $batch;
        }

        pub(crate) fn $convert(columns: core::$batch) -> $batch {
            let core::$batch { $( $field ),* } = columns;
            let object = Object::new();
            // Setting a property of an object that was just made can't fail.
            $( let _ = Reflect::set(&object, &JsValue::from_str($js), &$array::from(&$field[..])); )*
            object.unchecked_into()
        }
    };
}

batch! { objects, ObjectColumns, "ObjectColumns" {
    stream as "stream": Uint32Array,
    flags as "flags": Uint8Array,
    start_ns as "startNs": Float64Array,
    duration_ns as "durationNs": Float64Array,
    payload_bytes as "payloadBytes": Float64Array,
    retransmitted_bytes as "retransmittedBytes": Float64Array,
    packets as "packets": Uint32Array,
    gap_before_ns as "gapBeforeNs": Float64Array,
    index as "index": Uint32Array,
} }

batch! { streams, StreamColumns, "StreamColumns" {
    id as "id": Float64Array,
    transport as "transport": Uint8Array,
    client as "client": Uint32Array,
    client_port as "clientPort": Uint16Array,
    server as "server": Uint32Array,
    server_port as "serverPort": Uint16Array,
    name as "name": Uint32Array,
} }

batch! { stream_ends, StreamEndColumns, "StreamEndColumns" {
    stream as "stream": Uint32Array,
    name as "name": Uint32Array,
    name_source as "nameSource": Uint8Array,
    start_ns as "startNs": Float64Array,
    duration_ns as "durationNs": Float64Array,
    end_reason as "endReason": Uint8Array,
    client_rtt_ns as "clientRttNs": Float64Array,
    server_rtt_ns as "serverRttNs": Float64Array,
    objects_up as "objectsUp": Uint32Array,
    objects_down as "objectsDown": Uint32Array,
    payload_bytes_up as "payloadBytesUp": Float64Array,
    payload_bytes_down as "payloadBytesDown": Float64Array,
    packets as "packets": Float64Array,
} }

batch! { bins, BinColumns, "BinColumns" {
    stream as "stream": Uint32Array,
    flags as "flags": Uint8Array,
    start_ns as "startNs": Float64Array,
    payload_bytes as "payloadBytes": Float64Array,
} }
