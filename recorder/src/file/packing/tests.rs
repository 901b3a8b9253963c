//! Compression of one file: what it makes, what it leaves alone, and every state in which it can be killed.
//!
//! In: a folder with a complete file. Out: names in it. Guaranteed: no clock, and no folder but one of its own.

use super::super::name::Place;
use super::super::{delete_oldest, tidy};
use super::*;
use analyzer_core::time::Timestamp;
use std::collections::BTreeMap;
use tempfile::TempDir;

const STEM: &str = "x-wg0-20200301T100000Z-00001";
const FREE: Reserve = Reserve::Bytes(0);

fn sidecar() -> Sidecar {
    Sidecar::sample(format!("{STEM}.pcap"))
}

/// What no compression makes much smaller, and what it does.
fn content() -> Vec<u8> {
    let mut random = 1_u64;
    (0..600_000_u32)
        .map(|at| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if at % 3 == 0 { (random >> 40) as u8 } else { 7 }
        })
        .collect()
}

/// A folder with a complete file.
struct Recorded {
    folder: TempDir,
    place: Place,
    plain: Option<Plain>,
}

impl Recorded {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let place = Place::new(&folder.path().join("x"), "wg0");
        let stem = place.next(Timestamp::from_nanos(1_583_056_800_000_000_000), &mut 0);
        fs::write(stem.path("pcap"), content()).expect("written");
        fs::write(stem.path("json"), sidecar().to_json()).expect("written");
        Self { folder, place, plain: Some(Plain { stem, format: Format::Pcap, sidecar: sidecar() }) }
    }

    fn pack(&mut self, reserve: Reserve, is_stopped: bool) -> io::Result<Packed> {
        self.plain.take().expect("once").pack(reserve, &AtomicBool::new(is_stopped))
    }

    fn path(&self, ending: &str) -> PathBuf {
        self.folder.path().join(format!("{STEM}{ending}"))
    }

    /// Endings of the names.
    fn found(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("a folder");
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut found: Vec<String> = names.map(|name| name.replace(STEM, "")).collect();
        found.sort();
        found
    }

    fn sidecar(&self) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.path(".json")).expect("a sidecar")).expect("JSON")
    }
}

#[test]
fn a_compressed_file_takes_the_place_of_a_plain_one() {
    let mut recorded = Recorded::new();
    assert_eq!(recorded.pack(FREE, false).expect("packed"), Packed::Done);
    assert_eq!(recorded.found(), [".json", ".pcap.zst"]);
    let packed = fs::read(recorded.path(".pcap.zst")).expect("a file");
    assert_eq!(zstd::decode_all(&packed[..]).expect("a frame"), content());
    // RFC 8878 §3.1.1.1.1: one segment or a window, a length of four bytes, a checksum.
    assert_eq!((packed[4] >> 6, packed[4] & 4), (2, 4), "{:08b}", packed[4]);
    let (mut found, expected) = (recorded.sidecar(), serde_json::to_value(sidecar()).expect("JSON"));
    assert_eq!(found["file"], format!("{STEM}.pcap.zst"));
    assert_eq!(found["compression"], "zstd");
    assert_eq!(found["compressed_bytes"], packed.len());
    for field in ["file", "compression", "compressed_bytes"] {
        found[field] = expected[field].clone();
    }
    assert_eq!(found, expected);
}

#[test]
fn what_can_not_be_compressed_stays_as_it_is() {
    type Prepare = fn(&Recorded);
    let nothing: Prepare = |_| {};
    for (what, prepare, reserve, is_stopped, expected, left) in [
        ("stopped", nothing, FREE, true, Some(Packed::Stopped), &[".json", ".pcap"][..]),
        ("no room", nothing, Reserve::Percent(99.999), false, Some(Packed::NoRoom), &[".json", ".pcap"]),
        (
            "deleted",
            |recorded| fs::remove_file(recorded.path(".pcap")).expect("removed"),
            FREE,
            false,
            Some(Packed::Gone),
            &[".json"],
        ),
        (
            "a name that is used",
            |recorded| fs::write(recorded.path(".pcap.zst"), "mine").expect("written"),
            FREE,
            false,
            None,
            &[".json", ".pcap", ".pcap.zst"],
        ),
        (
            "a name that is used while it is written",
            |recorded| fs::write(recorded.path(".pcap.zst.part"), "another's").expect("written"),
            FREE,
            false,
            None,
            &[".json", ".pcap", ".pcap.zst.part"],
        ),
    ] {
        let mut recorded = Recorded::new();
        prepare(&recorded);
        assert_eq!(recorded.pack(reserve, is_stopped).ok(), expected, "{what}");
        assert_eq!(recorded.found(), left, "{what}");
        assert_eq!(recorded.sidecar()["file"], format!("{STEM}.pcap"), "{what}");
        if what == "a name that is used" {
            assert_eq!(fs::read(recorded.path(".pcap.zst")).expect("a file"), b"mine");
        }
    }
}

/// Whoever lists the folder must not find the same packets twice.
#[test]
fn what_is_not_complete_is_no_frame() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("part");
    let mut veiled = Veiled::new(create(&path).expect("made"));
    let frame = zstd::encode_all(&content()[..], 1).expect("a frame");
    for piece in frame.chunks(3) {
        veiled.write_all(piece).expect("written");
    }
    let found = fs::read(&path).expect("a file");
    assert_eq!((&found[..4], &found[4..]), (&[0; 4][..], &frame[4..]));
    assert_eq!(veiled.unveil().expect("written"), frame.len() as u64);
    assert_eq!(fs::read(&path).expect("a file"), frame);
}

#[test]
fn what_is_being_compressed_is_not_deleted_and_counts() {
    let recorded = Recorded::new();
    fs::write(recorded.path(".pcap.zst.part"), [0; 1000]).expect("written");
    let lock = lock::of(&recorded.path(".pcap")).expect("locked");
    assert!(matches!(lock, Locked::Ours(_)));
    let both = content().len() as u64 + 1000;
    let delete = |most_bytes| delete_oldest(&recorded.place, None, Some(most_bytes)).expect("asked");
    assert!(!delete(both).is_held_up);
    let held = delete(both - 1);
    assert!(held.is_held_up && held.paths.is_empty());
    assert_eq!(recorded.found(), [".json", ".pcap", ".pcap.zst.part"]);
    drop(lock);
    assert_eq!(delete(both - 1).paths, [recorded.path(".pcap")]);
    assert_eq!(recorded.found(), [""; 0]);
}

/// Each state in which a recorder can be killed, in their order.
#[test]
fn what_a_killed_recorder_left_becomes_one_file() {
    let packed = || zstd::encode_all(&content()[..], 1).expect("a frame");
    let sidecar_of_packed = || {
        let mut sidecar = sidecar();
        sidecar.pack(format!("{STEM}.pcap.zst"), 1);
        sidecar.to_json().into_bytes()
    };
    type Files<'a> = BTreeMap<&'a str, Vec<u8>>;
    for (what, files, left) in [
        ("compressing", Files::from([(".pcap.zst.part", packed()[..99].to_vec())]), &[".json", ".pcap"][..]),
        (
            "both complete, and not renamed",
            Files::from([(".pcap.zst.part", packed()), (".json.part", sidecar_of_packed())]),
            &[".json", ".pcap"],
        ),
        ("renamed", Files::from([(".pcap.zst", packed()), (".json.part", sidecar_of_packed())]), &[".json", ".pcap"]),
        (
            "renamed, and its sidecar",
            Files::from([(".pcap.zst", packed()), (".json", sidecar_of_packed())]),
            &[".json", ".pcap.zst"],
        ),
        ("another's", Files::from([(".pcap.zst", b"mine".to_vec())]), &[".json", ".pcap", ".pcap.zst"]),
    ] {
        let recorded = Recorded::new();
        for (ending, bytes) in files {
            fs::write(recorded.path(ending), bytes).expect("written");
        }
        let lock = lock::of(&recorded.path(".pcap")).expect("locked");
        let before = recorded.found();
        tidy(&recorded.place).expect("listed");
        assert_eq!(recorded.found(), before, "{what}: another recorder works on it");
        drop(lock);
        tidy(&recorded.place).expect("listed");
        assert_eq!(recorded.found(), left, "{what}");
        let file = recorded.sidecar()["file"].as_str().expect("a name").replace(STEM, "");
        assert!(left.contains(&&*file), "{what}: {file}");
    }
}
