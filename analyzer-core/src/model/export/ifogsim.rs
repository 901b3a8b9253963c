//! Models to the arguments of edges and sensors of iFogSim.
//!
//! In: a model. Out: `app_edges.csv` and `sensors.csv`, whose columns are the parameters of the constructors, for a
//! program that calls them. Guaranteed: sizes are whole and at least 1, times are ms above 0, and the distribution is one
//! that draws no time below 0, as a normal one would.
//!
//! Sources: `org/fog/application/AppEdge.java`, `org/fog/entities/{Sensor,Tuple}.java` and `org/fog/utils/distribution`
//! in <https://github.com/Cloudslab/iFogSim>, as its `src/org/fog/test/perfeval/TranslationServiceFog.java` calls them.

use super::csv::cell;
use super::{ExportFile, names};
use crate::model::significant::significant;
use crate::model::{Model, Variable};
use std::fmt::Write as _;

/// Million instructions of a tuple: traffic does not tell.
const CPU_LENGTH: u64 = 1000;
/// ms between requests where there was one a stream.
const INTERVAL_MS: f64 = 1000.0;

/// Edges and sensors.
pub(super) fn files(model: &Model) -> Vec<ExportFile> {
    let mut edges =
        String::from("group,appId,source,destination,tupleCpuLength,tupleNwLength,tupleType,direction,edgeType\n");
    let mut sensors = String::from("group,appId,name,tupleType,transmitDistribution,mean_ms\n");
    for (group, name) in model.groups.iter().zip(names::identifiers(model)) {
        let (key, up, down) = (cell(&group.key), bytes(&group.up.size_bytes), bytes(&group.down.size_bytes));
        let mut put = |source: &str, destination: &str, bytes: u64, kind: &str, direction: &str, edge: &str| {
            let _ = writeln!(
                edges,
                "{key},{name},{name}{source},{name}{destination},{CPU_LENGTH},{bytes},{name}{kind},{direction},{edge}"
            );
        };
        // A sensor sends along the edge whose source is its type of tuple.
        put("_SENSOR", "_client", up, "_SENSOR", "UP", "SENSOR");
        put("_client", "_server", up, "_REQUEST", "UP", "MODULE");
        if group.down.objects > 0 {
            put("_server", "_client", down, "_REPLY", "DOWN", "MODULE");
            put("_client", "_ACTUATOR", down, "_ACTUATOR", "DOWN", "ACTUATOR");
        }
        let interval = group.up.inter_arrival_s.mean.map_or(INTERVAL_MS, |seconds| (seconds * 1e3).max(0.001));
        let interval = significant(interval);
        let _ = writeln!(sensors, "{key},{name},{name}_sensor,{name}_SENSOR,DeterministicDistribution,{interval}");
    }
    let file = |name: &str, content| ExportFile { name: name.to_owned(), content };
    vec![file("app_edges.csv", edges), file("sensors.csv", sensors)]
}

/// The mean in whole bytes.
fn bytes(sizes: &Variable) -> u64 {
    (sizes.mean.unwrap_or(0.0).round() as u64).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::csv::tests::read;
    use super::*;
    use crate::model::export::fixture;

    #[test]
    fn edges_have_the_mean_sizes() {
        let model = fixture::model();
        let lines = read(&files(&model)[0].content);
        let rows: Vec<Vec<&str>> =
            lines[1..].iter().map(|line| line[1..].iter().map(String::as_str).collect()).collect();
        let name = "video_example";
        assert_eq!(
            rows[0],
            [
                name,
                "video_example_SENSOR",
                "video_example_client",
                "1000",
                "400",
                "video_example_SENSOR",
                "UP",
                "SENSOR"
            ]
        );
        assert_eq!(rows[1][4..], ["400", "video_example_REQUEST", "UP", "MODULE"]);
        assert_eq!(rows[2][4..], ["100000", "video_example_REPLY", "DOWN", "MODULE"]);
        assert_eq!(rows[3][4..], ["100000", "video_example_ACTUATOR", "DOWN", "ACTUATOR"]);
        assert_eq!(rows.len(), 4 + 4 + 2, "the last group has no replies");
        let named = |line: &Vec<String>, key: &str| line[0] == key || line[0] == format!("'{key}");
        assert!(lines[1..].iter().all(|line| fixture::KEYS.iter().any(|key| named(line, key))));
    }

    #[test]
    fn every_sensor_has_its_edge_and_the_mean_interval_in_ms() {
        let model = fixture::model();
        let files = files(&model);
        let (edges, sensors) = (read(&files[0].content), read(&files[1].content));
        for (sensor, group) in sensors[1..].iter().zip(&model.groups) {
            assert_eq!(edges.iter().filter(|edge| edge[2] == sensor[3] && edge[1] == sensor[1]).count(), 1);
            let expected = group.up.inter_arrival_s.mean.map_or(INTERVAL_MS, |seconds| seconds * 1e3);
            assert_eq!(sensor[5].parse::<f64>().unwrap(), expected);
        }
        assert_eq!(sensors.len(), 4);
    }
}
