//! Models as a whole: groups, and that merging in any order gives the same text.

use super::{json, random, row, rows};
use crate::flow::Direction;
use crate::model::{Counts, GroupBy, MergeError, Model, ObjectRow};

/// Conversations of three groups with enough objects to be fitted.
fn conversations() -> Vec<ObjectRow> {
    let groups = ["video.example", "web.example", "mail.example"];
    let objects = random(1200).enumerate().map(|(at, number)| {
        let (start, length) = (at as i64 * 10_000_000, (number % 7) as i64 * 1_000_003);
        let direction = Direction::BOTH[(number % 3 / 2) as usize];
        let stream = at % 40;
        let size = (number >> 3) % (1 << (4 + number % 16)) + 1;
        let named = row(&format!("stream {stream}"), direction, start, start + length, size);
        ObjectRow { group: groups[stream % 3].to_owned(), ..named }
    });
    objects.collect()
}

fn model<'a>(all: impl IntoIterator<Item = &'a ObjectRow>, capture: &str) -> Model {
    Model::of(&rows(all), GroupBy::Domain, "sniffit 1", vec![capture.to_owned()], vec!["reply".to_owned()])
}

/// Models of a few streams each: streams are what captures do not share.
fn parts(all: &[ObjectRow], count: usize) -> Vec<Model> {
    let mut rows = vec![Vec::new(); count];
    for row in all {
        let digits = row.stream.bytes().filter(u8::is_ascii_digit).map(usize::from);
        rows[digits.sum::<usize>() % count].push(row);
    }
    rows.into_iter().enumerate().map(|(at, rows)| model(rows, &format!("part {at}"))).collect()
}

fn merged<'a>(mut models: impl Iterator<Item = &'a Model>) -> Model {
    let counts = |model: &Model| model.clone().into_counts().expect("of this version");
    let mut all = counts(models.next().expect("at least one"));
    models.for_each(|other| all.merge(counts(other)).expect("alike"));
    all.into_model()
}

#[test]
fn merging_in_any_order_and_grouping_gives_the_same_text() {
    let all = conversations();
    // Every part has streams of every group.
    let parts = parts(&all, 4);
    assert!(parts.iter().all(|part| part.groups.len() == 3));
    let forth = merged(parts.iter());
    let back = merged(parts.iter().rev());
    let pair = merged(parts[1..].iter());
    let grouped = merged([&pair, &parts[0]].into_iter());
    assert_eq!(json(&forth), json(&back));
    assert_eq!(json(&forth), json(&grouped));
    // And it is the model of all rows at once, but for the captures' names.
    let whole = Model { captures: forth.captures.clone(), ..model(&all, "") };
    assert_eq!(json(&forth), json(&whole));
    assert!(whole.groups.iter().all(|group| !group.up.size_bytes.fits.is_empty()), "fits are compared as well");
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let all = conversations();
    assert_eq!(json(&model(&all, "a")), json(&model(all.iter().rev(), "a")));
}

#[test]
fn groups_are_counted_and_those_with_most_bytes_come_first() {
    let all = conversations();
    let model = model(&all, "a");
    let bytes: Vec<u64> = model.groups.iter().map(|group| group.up.payload_bytes + group.down.payload_bytes).collect();
    assert!(bytes.is_sorted_by(|one, next| one >= next));
    assert_eq!(bytes.iter().sum::<u64>(), all.iter().map(|row| row.payload_bytes).sum::<u64>());
    assert_eq!(model.groups.iter().map(|group| group.streams).sum::<u64>(), 40);
    assert_eq!(model.groups.iter().map(|group| group.up.objects + group.down.objects).sum::<u64>(), 1200);
    for group in &model.groups {
        for direction in [&group.up, &group.down] {
            assert_eq!(direction.size_bytes.n, direction.objects);
            assert_eq!(direction.duration_s.n, direction.objects);
            assert_eq!(direction.inter_arrival_s.n, direction.objects - direction.objects_per_stream.n);
            assert!(direction.duration_s.zeros > 0 && direction.duration_s.min == Some(0.0));
        }
    }
    let named = |group: &str, bytes| ObjectRow { group: group.to_owned(), ..row(group, Direction::Up, 0, 0, bytes) };
    let alike = Model::of(
        &rows(&[named("b", 5), named("a", 5), named("c", 6), named("d", 1)]),
        GroupBy::All,
        "t",
        vec![],
        vec![],
    );
    assert_eq!(alike.groups.iter().map(|group| group.key.as_str()).collect::<Vec<_>>(), ["c", "a", "b", "d"]);
}

#[test]
fn a_model_is_read_back_from_its_json() {
    let model = model(&conversations(), "a");
    assert_eq!(serde_json::from_str::<Model>(&json(&model)).expect("read back"), model);
    let empty = Model::of(&rows(&[]), GroupBy::All, "sniffit 1", vec![], vec![]);
    assert_eq!(json(&empty), r#"{"schema":1,"tool":"sniffit 1","by":"all","captures":[],"method":[],"groups":[]}"#);
}

#[test]
fn every_float_has_six_digits_at_most() {
    let text = json(&model(&conversations(), "a"));
    let numbers = text.split(|c: char| !matches!(c, '0'..='9' | '.' | 'e' | '-'));
    let mut floats = 0;
    for number in numbers.filter(|number| number.contains('.') && number.parse::<f64>().is_ok()) {
        let digits = number.split('e').next().unwrap_or_default().replace(['.', '-'], "");
        assert!(digits.trim_matches('0').len() <= 6, "{number}");
        floats += 1;
    }
    assert!(floats > 1000, "{floats} floats");
}

#[test]
fn counts_that_are_not_alike_are_refused() {
    let one = model(&conversations()[..50], "a").into_counts().expect("of this version");
    for (other, error) in [
        (Counts { by: GroupBy::Server, ..one.clone() }, MergeError::GroupBy(GroupBy::Domain, GroupBy::Server)),
        (Counts { schema: 2, ..one.clone() }, MergeError::Schema(1, 2)),
    ] {
        let mut changed = one.clone();
        assert_eq!(changed.merge(other), Err(error));
        assert_eq!(changed, one, "nothing is changed");
    }
    let newer = Model { schema: 2, ..one.into_model() };
    assert_eq!(newer.into_counts().map(drop), Err(MergeError::Schema(1, 2)));
}

#[test]
fn what_models_are_made_of_is_told_once() {
    let all = conversations();
    let one = model(&all[..50], "b");
    let mut other = model(&all[50..80], "a");
    other.tool = "sniffit 2".to_owned();
    other.method.push("idle".to_owned());
    for model in [merged([&one, &other].into_iter()), merged([&other, &one].into_iter())] {
        assert_eq!(
            (model.captures.as_slice(), model.tool.as_str()),
            (&["a".to_owned(), "b".to_owned()][..], "sniffit 2")
        );
        assert_eq!(model.method, ["idle", "reply"]);
    }
}

#[test]
fn counts_are_read_back_from_their_file() {
    let counts = model(&conversations(), "a").into_counts().expect("of this version");
    let file = counts.to_file().expect("JSON");
    assert_eq!(file.iter().filter(|byte| **byte == b'\n').count(), 1);
    assert_eq!(serde_json::from_slice::<Counts>(&file).expect("read back"), counts);
}
