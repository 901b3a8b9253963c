//! Names the machine that the figures were taken on, without which none of them means anything.

use std::fs::read_to_string;

pub(super) struct Machine {
    pub(super) cpu_model: String,
    pub(super) cores: usize,
    pub(super) memory_bytes: u64,
    pub(super) available_bytes: u64,
    pub(super) kernel: String,
    pub(super) load_average: String,
}

impl Machine {
    /// What Linux tells in `/proc`; "unknown" elsewhere.
    pub(super) fn read() -> Self {
        let kernel = read_to_string("/proc/sys/kernel/osrelease").map(|release| format!("Linux {}", release.trim()));
        let load = read_to_string("/proc/loadavg").unwrap_or_default();
        let load: Vec<&str> = load.split(' ').take(3).collect();
        Self {
            cpu_model: field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            memory_bytes: memory_bytes("MemTotal"),
            available_bytes: memory_bytes("MemAvailable"),
            kernel: kernel.unwrap_or_else(|_| std::env::consts::OS.to_owned()),
            load_average: load.join(" "),
        }
    }

    /// Whether others were computing in the minute before.
    pub(super) fn is_busy(&self) -> bool {
        let last_minute = self.load_average.split(' ').next();
        last_minute.and_then(|load| load.parse::<f64>().ok()).is_some_and(|load| load > 1.0)
    }
}

fn memory_bytes(name: &str) -> u64 {
    let value = field("/proc/meminfo", name).unwrap_or_default();
    value.trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
