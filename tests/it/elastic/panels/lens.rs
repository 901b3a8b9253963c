//! Lens' columns as the search that Kibana makes of them, and its reply as lines of text.
//!
//! In: a panel's state and what the dashboard gives. Out: a line a row or series. Guaranteed: a column that is not
//! known here fails the test. What Kibana computes in the browser (sums so far, rates, the rest of the terms) is
//! computed here too, by its rules.

use super::context::Context;
use serde_json::{Value, json};

/// The length of an interval of time, which Kibana would choose.
const INTERVAL_S: i64 = 5;
const REST: &str = "Other";

/// What the panel shows.
pub(super) fn lines(server: &str, pattern: &str, state: &Value, context: &Context) -> Vec<String> {
    let layers = state["datasourceStates"]["formBased"]["layers"].as_object().expect("layers");
    let mut lines = Vec::new();
    for layer in layers.values() {
        let panel = Panel::new(layer);
        let query = context.query(&[filter(&state["query"])], "@timestamp");
        let body = json!({ "aggs": panel.aggregations(0, context), "query": query, "size": 0 });
        let mut table = Vec::new();
        panel.rows(&context.search(server, pattern, &body)["aggregations"], 0, &[], &mut table);
        panel.add_rest(server, pattern, &query, context, &mut table);
        lines.extend(panel.text(&table));
    }
    lines
}

/// A query in Kibana's language, of which the panels use `field: "value"`.
fn filter(query: &Value) -> Value {
    match query["query"].as_str().expect("a query").split_once(": ") {
        None => json!({ "match_all": {} }),
        Some((field, value)) => json!({ "match_phrase": { field: value.trim_matches('"') } }),
    }
}

struct Column<'a> {
    id: &'a str,
    of: &'a Value,
}

impl Column<'_> {
    fn operation(&self) -> &str {
        self.of["operationType"].as_str().expect("an operation")
    }

    fn params(&self) -> &Value {
        &self.of["params"]
    }
}

struct Panel<'a> {
    buckets: Vec<Column<'a>>,
    metrics: Vec<Column<'a>>,
}

/// Keys of the buckets, and values of the metrics.
type Row = (Vec<String>, Vec<Option<f64>>);

impl<'a> Panel<'a> {
    fn new(layer: &'a Value) -> Self {
        let order = layer["columnOrder"].as_array().expect("an order").iter();
        let columns = order.map(|id| {
            let id = id.as_str().expect("an id");
            Column { id, of: &layer["columns"][id] }
        });
        let (buckets, metrics) = columns.partition(|column| column.of["isBucketed"] == true);
        Self { buckets, metrics }
    }

    /// The aggregations from one bucket column on.
    fn aggregations(&self, depth: usize, context: &Context) -> Value {
        let Some(column) = self.buckets.get(depth) else {
            return Value::Object(self.metrics.iter().filter_map(metric).collect());
        };
        let mut aggregation = self.bucket(column, context);
        let mut inner = self.aggregations(depth + 1, context);
        // Terms are ordered by a metric that stands beside them.
        if let Some(by) = column.params()["orderBy"]["columnId"].as_str() {
            let by = self.metrics.iter().find(|metric| metric.id == by).expect("the column to order by");
            inner.as_object_mut().expect("an object").extend(metric(by));
        }
        aggregation["aggs"] = inner;
        json!({ column.id: aggregation })
    }

    fn bucket(&self, column: &Column<'_>, context: &Context) -> Value {
        let (field, params) = (&column.of["sourceField"], column.params());
        match column.operation() {
            "terms" => {
                assert_eq!(params["missingBucket"], false);
                let by = &params["orderBy"]["columnId"];
                let order = match self.metrics.iter().find(|metric| metric.id == by.as_str().expect("an id")) {
                    Some(count) if count.operation() == "count" => "_count",
                    _ => by.as_str().expect("an id"),
                };
                json!({ "terms": { "field": field, "order": { order: params["orderDirection"] }, "size": params["size"] } })
            }
            "date_histogram" => {
                assert_eq!((&params["interval"], &params["dropPartials"]), (&json!("auto"), &json!(false)));
                let bounds = json!({ "max": context.window_ms.1, "min": context.window_ms.0 });
                let minimum = if params["includeEmptyRows"] == true { 0 } else { 1 };
                json!({ "date_histogram": {
                    "extended_bounds": bounds, "field": field, "fixed_interval": format!("{INTERVAL_S}s"),
                    "min_doc_count": minimum,
                } })
            }
            "filters" => {
                let filters = params["filters"].as_array().expect("filters").iter();
                json!({ "filters": { "filters": filters.map(|one| filter(&one["input"])).collect::<Vec<_>>() } })
            }
            "range" => {
                let mut ranges = params["ranges"].clone();
                for range in ranges.as_array_mut().expect("ranges") {
                    range.as_object_mut().expect("a range").retain(|name, value| name != "label" && !value.is_null());
                }
                json!({ "range": { "field": field, "ranges": ranges } })
            }
            other => panic!("{}: the bucket operation {other} has no translation", column.id),
        }
    }

    /// Adds the rows below an aggregation of the reply.
    fn rows(&self, reply: &Value, depth: usize, keys: &[String], rows: &mut Vec<Row>) {
        let Some(column) = self.buckets.get(depth) else {
            let values = self.metrics.iter().map(|metric| value(metric, reply));
            rows.push((keys.to_vec(), values.collect()));
            return;
        };
        let buckets = reply[column.id]["buckets"].as_array().expect("buckets");
        for (at, bucket) in buckets.iter().enumerate() {
            let key = match column.operation() {
                "filters" => column.params()["filters"][at]["label"].clone(),
                "range" => column.params()["ranges"][at]["label"].clone(),
                _ => bucket
                    .get("key_as_string")
                    .filter(|_| column.of["dataType"] == "boolean")
                    .unwrap_or(&bucket["key"])
                    .clone(),
            };
            let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
            self.rows(bucket, depth + 1, &[keys, &[key]].concat(), rows);
        }
    }

    /// Asks for the terms that were not among the greatest, as one more group.
    fn add_rest(&self, server: &str, pattern: &str, query: &Value, context: &Context, table: &mut Vec<Row>) {
        let Some(column) = self.buckets.first().filter(|column| column.params()["otherBucket"] == true) else { return };
        let found: Vec<&String> = table.iter().map(|(keys, _)| &keys[0]).collect();
        let rest = json!({ "bool": {
            "filter": [query, { "exists": { "field": column.of["sourceField"] } }],
            "must_not": [{ "terms": { column.of["sourceField"].as_str().expect("a field"): found } }],
        } });
        let body = json!({ "aggs": self.aggregations(1, context), "query": rest, "size": 0 });
        let reply = context.search(server, pattern, &body);
        if reply["hits"]["total"]["value"] != 0 {
            self.rows(&reply["aggregations"], 1, &[REST.to_owned()], table);
        }
    }

    /// A line a row; over time, a line a series and metric.
    fn text(&self, table: &[Row]) -> Vec<String> {
        let is_over_time = self.buckets.last().is_some_and(|column| column.operation() == "date_histogram");
        if !is_over_time {
            let rows = table.iter().map(|(keys, values)| {
                let values = values.iter().map(|value| value.map_or("–".to_owned(), |value| value.to_string()));
                format!("{} | {}", keys.join(" | "), values.collect::<Vec<_>>().join(" "))
            });
            return rows.collect();
        }
        let mut lines = Vec::new();
        for series in table.chunk_by(|one, next| split(&one.0).0 == split(&next.0).0) {
            let ticks = series.windows(2).map(|pair| split(&pair[1].0).1 - split(&pair[0].0).1);
            assert!(ticks.into_iter().all(|tick| tick == INTERVAL_S * 1_000), "intervals without gaps");
            for (at, metric) in self.metrics.iter().enumerate() {
                let values: Vec<String> = self.over_time(metric, at, series).iter().map(f64::to_string).collect();
                let label = metric.of["label"].as_str().expect("a label");
                lines.push(format!("{}{label}: {}", split(&series[0].0).0, values.join(" ")));
            }
        }
        lines
    }

    fn over_time(&self, metric: &Column<'_>, at: usize, series: &[Row]) -> Vec<f64> {
        let of = |column: usize| series.iter().map(move |(_, values)| values[column].unwrap_or(0.0));
        if metric.operation() == "cumulative_sum" {
            let summed = &metric.of["references"][0];
            let summed = self.metrics.iter().position(|metric| metric.id == *summed).expect("the column summed up");
            return of(summed)
                .scan(0.0, |sum, value| {
                    *sum += value;
                    Some(*sum)
                })
                .collect();
        }
        match metric.of["timeScale"].as_str() {
            None => of(at).collect(),
            Some("s") => of(at).map(|value| value / INTERVAL_S as f64).collect(),
            Some(other) => panic!("the time scale {other} has no translation"),
        }
    }
}

/// The name of a series, ended by a separator, and the time in its last key.
fn split(keys: &[String]) -> (String, i64) {
    let (time, names) = keys.split_last().expect("a time");
    (names.iter().map(|name| format!("{name} | ")).collect(), time.parse().expect("milliseconds"))
}

fn metric(column: &Column<'_>) -> Option<(String, Value)> {
    let field = &column.of["sourceField"];
    let aggregation = match column.operation() {
        // Elasticsearch counts by itself, and the browser sums up.
        "count" | "cumulative_sum" => return None,
        name @ ("sum" | "min" | "max") => json!({ name: { "field": field } }),
        "percentile" => {
            json!({ "percentiles": { "field": field, "keyed": false, "percents": [column.params()["percentile"]] } })
        }
        other => panic!("{}: the metric {other} has no translation", column.id),
    };
    Some((column.id.to_owned(), aggregation))
}

fn value(column: &Column<'_>, bucket: &Value) -> Option<f64> {
    match column.operation() {
        "count" => bucket["doc_count"].as_f64(),
        "cumulative_sum" => None,
        "percentile" => bucket[column.id]["values"][0]["value"].as_f64(),
        _ => bucket[column.id]["value"].as_f64(),
    }
}
