//! What panels ask of Elasticsearch, taken from the saved objects: which field of which dataset, and for what.

use super::super::data_views;
use super::super::saved_object::{Kind, SavedObject};
use super::{layers, of_kind, parsed, specification};
use analyzer_core::sink::index::Dataset;
use serde_json::Value;

/// One use of a field.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) panel: String,
    /// `None` when it is asked of all datasets at once.
    pub(super) dataset: Option<Dataset>,
    pub(super) field: String,
    /// The aggregation, or `docvalue`, `sort`, `filter`, `time`.
    pub(super) purpose: String,
}

/// All of them.
pub(super) fn all() -> Vec<Question> {
    let lens = of_kind(Kind::Lens).flat_map(|panel| of_lens(&panel));
    let vega = of_kind(Kind::Visualization).flat_map(|panel| of_vega(&panel));
    let controls = of_kind(Kind::Dashboard).flat_map(|dashboard| of_controls(&dashboard));
    lens.chain(vega).chain(controls).collect()
}

fn of_lens(panel: &SavedObject) -> Vec<Question> {
    let view = &panel.references[0].id;
    let dataset = Dataset::ALL.into_iter().find(|dataset| data_views::id(*dataset) == *view).unwrap();
    let question = |field: &str, purpose: &str| Question {
        panel: panel.id.clone(),
        dataset: Some(dataset),
        field: field.to_owned(),
        purpose: purpose.to_owned(),
    };
    let mut questions: Vec<Question> =
        queried(&panel.attributes["state"]["query"]).map(|field| question(&field, "filter")).collect();
    for (_, layer) in layers(panel) {
        for column in layer["columns"].as_object().unwrap().values() {
            let operation = column["operationType"].as_str().unwrap();
            match column["sourceField"].as_str() {
                Some("___records___") => assert_eq!(operation, "count"),
                Some(field) => {
                    questions.push(question(field, operation));
                    // Lens calls classes of numbers strings.
                    if operation != "range" {
                        questions.push(question(field, &format!("lens {}", column["dataType"].as_str().unwrap())));
                    }
                }
                None => assert!(["filters", "cumulative_sum"].contains(&operation), "{}: {operation}", panel.id),
            }
            let filters = column["params"]["filters"].as_array().into_iter().flatten();
            questions
                .extend(filters.flat_map(|filter| queried(&filter["input"])).map(|field| question(&field, "filter")));
        }
    }
    questions
}

/// The fields of a query in Kibana's language, of which the panels use `field: "value"` only.
fn queried(query: &Value) -> impl Iterator<Item = String> {
    assert_eq!(query["language"], "kuery");
    let text = query["query"].as_str().unwrap().to_owned();
    assert!(text.is_empty() || text.matches(": \"").count() == 1, "{text}");
    text.split_once(": \"").map(|(field, _)| field.to_owned()).into_iter()
}

fn of_vega(panel: &SavedObject) -> Vec<Question> {
    let specification = specification(panel);
    let mut questions = Vec::new();
    for url in specification["data"].as_array().unwrap().iter().filter_map(|data| data.get("url")) {
        let dataset = Dataset::ALL.into_iter().find(|dataset| url["index"] == dataset.pattern().as_str()).unwrap();
        let mut ask = |field: &Value, purpose: &str| {
            let field = field.as_str().unwrap_or_else(|| panic!("{}: {field} is no field", panel.id)).to_owned();
            questions.push(Question {
                panel: panel.id.clone(),
                dataset: Some(dataset),
                field,
                purpose: purpose.to_owned(),
            });
        };
        if let Some(field) = url.get("%timefield%") {
            ask(field, "time");
        }
        let body = url["body"].as_object().unwrap();
        for (part, content) in body {
            match part.as_str() {
                "size" | "track_total_hits" | "_source" => {}
                "docvalue_fields" => {
                    for field in content.as_array().unwrap() {
                        ask(field.get("field").unwrap_or(field), "docvalue");
                    }
                }
                "sort" => {
                    for field in content.as_array().unwrap().iter().flat_map(|sort| sort.as_object().unwrap().keys()) {
                        ask(&Value::from(field.as_str()), "sort");
                    }
                }
                "query" => ask(&content["exists"]["field"], "filter"),
                "aggs" => of_aggregations(content, &mut ask),
                other => panic!("{}: the part {other} of a search is not checked", panel.id),
            }
        }
    }
    questions
}

fn of_aggregations(aggregations: &Value, ask: &mut impl FnMut(&Value, &str)) {
    for aggregation in aggregations.as_object().unwrap().values() {
        for (kind, content) in aggregation.as_object().unwrap() {
            match kind.as_str() {
                "aggs" => of_aggregations(content, ask),
                kind => ask(&content["field"], kind),
            }
        }
    }
}

fn of_controls(dashboard: &SavedObject) -> Vec<Question> {
    let group = &dashboard.attributes["controlGroupInput"];
    let controls = parsed(&group["panelsJSON"]);
    let controls = controls.as_object().unwrap().values();
    controls
        .map(|control| Question {
            panel: dashboard.id.clone(),
            dataset: None,
            field: control["explicitInput"]["fieldName"].as_str().unwrap().to_owned(),
            purpose: "terms".to_owned(),
        })
        .collect()
}
