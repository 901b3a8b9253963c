//! What a dashboard gives its panels: a time range and filters.

use super::super::server;
use super::fixture;
use serde_json::{Value, json};

pub(super) struct Context {
    /// Begin and end, in milliseconds since the epoch, both included.
    pub(super) window_ms: (i64, i64),
    /// As if chosen in the control of analyses.
    pub(super) analyses: &'static [&'static str],
}

impl Context {
    /// A range in milliseconds of the fixture.
    pub(super) fn new((from, to): (i64, i64), analyses: &'static [&'static str]) -> Self {
        Self { window_ms: (fixture::BEGIN_MS + from, fixture::BEGIN_MS + to), analyses }
    }

    /// The time range as a query, as Kibana writes it.
    pub(super) fn range(&self, field: &str) -> Value {
        let time = |ms: i64| {
            // Kibana writes milliseconds.
            let time = fixture::time(ms - fixture::BEGIN_MS);
            format!("{}Z", &time[..23])
        };
        json!({ "range": { field: {
            "format": "strict_date_optional_time", "gte": time(self.window_ms.0), "lte": time(self.window_ms.1),
        } } })
    }

    /// The filters of the controls.
    pub(super) fn filters(&self) -> Value {
        json!({ "terms": { "sniffit.analysis.id": self.analyses } })
    }

    /// Everything together.
    pub(super) fn query(&self, more: &[Value], time_field: &str) -> Value {
        let all = [self.range(time_field), self.filters()].into_iter().chain(more.iter().cloned());
        json!({ "bool": { "filter": all.collect::<Vec<_>>() } })
    }

    /// A search that must succeed on every shard. The patterns take in the indices of other tests, which may delete one
    /// while it is searched; then it is asked again.
    pub(super) fn search(&self, url: &str, index: &str, body: &Value) -> Value {
        let mut answer = Value::Null;
        for _ in 0..5 {
            let status;
            (status, answer) = server::post(url, &format!("/{index}/_search"), body);
            if status == 200 && answer["_shards"]["failed"] == 0 {
                return answer;
            }
        }
        panic!("{index}: {body}: {answer}");
    }
}
