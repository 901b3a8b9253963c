//! The model of a fleet: the same bytes in any order and grouping, and the same as the model of all objects.

use super::fleet::Fleet;
use crate::support::sniffit;
use analyzer_core::model::{Counts, Model};
use std::fs;
use std::path::{Path, PathBuf};

fn counts(out: &Path) -> Vec<PathBuf> {
    let names = super::fleet::tree(out).into_keys().filter(|name| name.ends_with("counts.json"));
    names.map(|name| out.join(name)).collect()
}

fn merged(out: &[&Path], model: &Path) -> Vec<u8> {
    let arguments = [Path::new("merge")].into_iter().chain(out.iter().copied());
    sniffit(arguments.chain([Path::new("--force"), Path::new("-o"), model])).expect(0);
    fs::read(model).expect("a model")
}

#[test]
fn the_model_of_all_tasks_is_the_model_of_all_objects() {
    let fleet = Fleet::new();
    fleet.run_all("out");
    let (out, model) = (fleet.out("out"), fleet.out("model.json"));
    let merged = merged(&[&out], &model);
    // From the Parquet files of all objects at once.
    let whole = fleet.out("whole.json");
    sniffit([Path::new("model"), &out, Path::new("-o"), &whole]).expect(0);
    assert!(merged == fs::read(&whole).expect("a model"), "they differ");
    // And `sniffit model` takes it, and the counts themselves.
    let table = sniffit([Path::new("model"), &model]).expect(0);
    let from_counts = sniffit([PathBuf::from("model")].into_iter().chain(counts(&out))).expect(0);
    assert_eq!(table.text(), from_counts.text());
    assert_eq!(table.text(), sniffit([Path::new("merge"), &out]).expect(0).text());
    // A recording whose manifest is not there is not in it.
    let manifest = super::fleet::tree(&out).into_keys().find(|name| name.ends_with("manifest.json")).expect("one");
    fs::remove_file(out.join(manifest)).expect("a manifest");
    let fewer: Model = serde_json::from_slice(&super::merge::merged(&[&out], &model)).expect("a model");
    assert_eq!(fewer.captures.len(), 5);
}

#[test]
fn merging_in_any_order_and_grouping_gives_the_same_bytes() {
    let fleet = Fleet::new();
    fleet.run_all("out");
    let read = |path: &PathBuf| -> Counts { serde_json::from_slice(&fs::read(path).expect("counts")).expect("counts") };
    let parts: Vec<Counts> = counts(&fleet.out("out")).iter().map(read).collect();
    // Sixty-four parts with names of their own.
    let parts: Vec<Counts> = (0..64_usize)
        .map(|at| {
            let mut part = parts[at % parts.len()].clone();
            part.captures = std::iter::once(format!("capture {at}")).collect();
            part
        })
        .collect();
    let all = |parts: &[Counts]| {
        let (first, others) = parts.split_first().expect("at least one");
        let mut all = first.clone();
        others.iter().for_each(|part| all.merge(part.clone()).expect("alike"));
        all
    };
    let expected = all(&parts).into_model().to_file().expect("JSON");
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for groups in [1, 7, 64] {
        for _ in 0..3 {
            let mut shuffled = parts.clone();
            for at in (1..shuffled.len()).rev() {
                random ^= random << 13;
                random ^= random >> 7;
                random ^= random << 17;
                shuffled.swap(at, (random % (at as u64 + 1)) as usize);
            }
            let grouped: Vec<Counts> = shuffled.chunks(64_usize.div_ceil(groups)).map(all).collect();
            assert!(all(&grouped).into_model().to_file().expect("JSON") == expected, "{groups} groups");
        }
    }
}
