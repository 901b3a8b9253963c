//! What can be known of the saved objects without Kibana.
//!
//! In: the objects that the code makes. Out: tests. Guaranteed: what these tests hold is all that stands between a slip
//! and a Kibana that refuses the import, besides the shapes themselves, which only Kibana knows.

mod questions;
mod schema;
mod shape;

use super::objects;
use super::saved_object::{Kind, SavedObject};
use serde_json::Value;

/// Text that holds JSON.
fn parsed(text: &Value) -> Value {
    serde_json::from_str(text.as_str().expect("text")).expect("JSON in the text")
}

fn of_kind(kind: Kind) -> impl Iterator<Item = SavedObject> {
    objects().into_iter().filter(move |object| object.kind == kind)
}

/// The specification of a Vega panel.
fn specification(object: &SavedObject) -> Value {
    parsed(&parsed(&object.attributes["visState"])["params"]["spec"])
}

/// The layers of a Lens panel.
fn layers(object: &SavedObject) -> Vec<(String, Value)> {
    let layers = &object.attributes["state"]["datasourceStates"]["formBased"]["layers"];
    let layers = layers.as_object().expect("layers").iter();
    layers.map(|(name, layer)| (name.clone(), layer.clone())).collect()
}
