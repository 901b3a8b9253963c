//! Where each packet went: the line that is printed, the sidecar and the files say the same.

use crate::support::cable::Cable;
use crate::support::frames::udp_frames;
use serde_json::Value;

#[test]
fn the_account_is_equal_in_print_in_the_sidecar_and_in_the_file() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&["--keep", "full"]);
    // Of two protocols only one is wanted, and what is not is no part of the account.
    let mut packets = udp_frames(5000, 100);
    packets.extend(crate::support::frames::icmp_frames(50, 100));
    cable.send(&packets, "--topspeed");
    let ended = recording.stop();
    assert_eq!(ended.code, Some(0), "{}", ended.said);
    let account = ended.account();
    assert_eq!((account.seen, account.written), (5000, 5000), "{}", ended.said);
    assert!(account.is_equal(), "{}", ended.said);
    let sidecar: Value = serde_json::from_str(&ended.sidecars()[0]).expect("JSON");
    for (name, expected) in [
        ("/accounting/seen", account.seen),
        ("/accounting/written", account.written),
        ("/accounting/filtered", account.filtered),
        ("/accounting/kernel_dropped", account.kernel_dropped),
        ("/accounting/write_errors", account.write_errors),
        ("/packets", 5000),
    ] {
        assert_eq!(sidecar.pointer(name).and_then(Value::as_u64), Some(expected), "{name}");
    }
    assert_eq!(ended.packets().len(), 5000);
    assert_eq!(sidecar["keep"], "full");
    assert_eq!(sidecar["end_reason"], "stopped");
    assert_eq!(sidecar["filter"], "tcp or udp or (ip6 proto 44)");
}

#[test]
fn what_is_beyond_the_count_is_told_apart() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&["--count", "100"]);
    cable.send(&udp_frames(500, 100), "--topspeed");
    let ended = recording.wait();
    let account = ended.account();
    assert_eq!((ended.code, account.written), (Some(0), 100), "{}", ended.said);
    assert!(account.is_equal(), "{}", ended.said);
    assert_eq!(ended.packets().len(), 100);
    assert!(ended.sidecars()[0].contains(r#""end_reason": "count""#), "{}", ended.sidecars()[0]);
}

/// A recorder that is stopped takes nothing from a small ring.
#[test]
fn what_the_kernel_had_no_room_for_is_told_and_is_exit_code_4() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&["--keep", "full", "--ring", "1MiB"]);
    recording.signal("STOP");
    cable.send(&udp_frames(4000, 1000), "--topspeed");
    recording.signal("CONT");
    let ended = recording.stop();
    let account = ended.account();
    assert!(account.kernel_dropped > 0 && account.is_equal(), "{}", ended.said);
    assert_eq!((account.seen, ended.code), (4000, Some(4)), "{}", ended.said);
    assert_eq!(ended.packets().len() as u64, account.written);
}

#[test]
fn the_account_is_printed_when_it_is_asked_for() {
    let Some(cable) = Cable::new() else { return };
    let recording = cable.record(&[]);
    cable.send(&udp_frames(20, 100), "--topspeed");
    recording.signal("USR1");
    recording.until("the account", |said| said.contains("seen "));
    let ended = recording.stop();
    assert!(ended.said.matches("seen ").count() >= 2, "{}", ended.said);
    assert_eq!(ended.account().written, 20, "{}", ended.said);
}
