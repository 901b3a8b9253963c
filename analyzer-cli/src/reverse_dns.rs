//! Names of addresses, as their owners tell them: the one thing that leaves the machine, and only when asked for.
//!
//! In: addresses. Out: the names of those that have one. Guaranteed: each address is asked for once, several at a time; who does not answer
//! in time has no name, and holds nobody up longer.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Resolvers wait some seconds for each other, so that many are asked at a time.
const WORKERS: usize = 32;
/// No answer for so long ends it all: the resolver is away.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks this machine's resolver.
pub(crate) fn look_up(addresses: &[IpAddr]) -> BTreeMap<IpAddr, String> {
    look_up_with(addresses, PATIENCE, |ip| dns_lookup::lookup_addr(&ip).ok())
}

/// Asks `resolve`. It may hang: its threads are left to themselves then.
fn look_up_with(
    addresses: &[IpAddr],
    patience: Duration,
    resolve: impl Fn(IpAddr) -> Option<String> + Send + Sync + 'static,
) -> BTreeMap<IpAddr, String> {
    let wanted: BTreeSet<IpAddr> = addresses.iter().copied().collect();
    let mut missing = wanted.len();
    let (queue, resolve) = (Arc::new(Mutex::new(wanted)), Arc::new(resolve));
    let (sender, answers) = mpsc::channel();
    for _ in 0..WORKERS.min(missing) {
        let (queue, resolve, sender) = (Arc::clone(&queue), Arc::clone(&resolve), sender.clone());
        std::thread::spawn(move || {
            let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
            while let Some(ip) = next() {
                // Who waits may have left.
                if sender.send((ip, resolve(ip))).is_err() {
                    return;
                }
            }
        });
    }
    let mut names = BTreeMap::new();
    let mut end = Instant::now() + patience;
    while missing > 0 {
        match answers.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok((ip, name)) => {
                missing -= 1;
                end = Instant::now() + patience;
                // Where there is no name, resolvers give the address back.
                if let Some(name) = name.filter(|name| name.parse::<IpAddr>().is_err()) {
                    names.insert(ip, name);
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn each_address_is_asked_for_once() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let addresses: Vec<IpAddr> = (0..200).map(|n| ip(n % 100)).collect();
        let names = look_up_with(&addresses, PATIENCE, move |address| {
            count.fetch_add(1, Ordering::Relaxed);
            match address {
                IpAddr::V4(v4) if v4.octets()[3].is_multiple_of(2) => Some(format!("host-{v4}.example")),
                IpAddr::V4(v4) if v4.octets()[3].is_multiple_of(3) => Some(v4.to_string()),
                _ => None,
            }
        });
        assert_eq!(asked.load(Ordering::Relaxed), 100);
        assert_eq!(names.len(), 50);
        assert_eq!(names[&ip(4)], "host-192.0.2.4.example");
        assert!(!names.contains_key(&ip(3)), "an address is no name");
        assert_eq!(look_up_with(&[], PATIENCE, |_| None), BTreeMap::new());
    }

    #[test]
    fn who_does_not_answer_holds_nobody_up() {
        // It never answers for one of them.
        let hangs = |address| {
            if address == ip(1) {
                loop {
                    std::thread::park();
                }
            }
            Some("a.example".to_owned())
        };
        let names = look_up_with(&[ip(1), ip(2), ip(3)], Duration::from_millis(200), hangs);
        assert_eq!(names.keys().copied().collect::<Vec<_>>(), [ip(2), ip(3)]);
    }
}
