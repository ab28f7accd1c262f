//! Whatever came of this process: found, watched, and killed.
use std::os::raw::c_int;

use crate::system::{_exit, fork, getppid, kill, setresuid, waitpid};

/// Every process that came of this one, by /proc: those of a double fork as well, since this is their reaper.
fn descendants(of: i32) -> Vec<i32> {
    let mut found = vec![of];
    let mut index = 0;
    while index < found.len() {
        if let Ok(tasks) = std::fs::read_dir(format!("/proc/{}/task", found[index])) {
            for task in tasks.flatten() {
                let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
                found.extend(children.split_whitespace().filter_map(|pid| pid.parse::<i32>().ok()));
            }
        }
        index += 1;
    }
    found.split_off(1)
}

/// Kills until nothing is left. Stopped first, so that a fork bomb can't outrun the list.
pub fn sweep(uid: Option<u32>) {
    // SAFETY: signals and waits; a process of another user is never touched.
    unsafe {
        if let Some(uid) = uid {
            // All of a user's processes in one system call, which no fork can outrun.
            let helper = fork();
            if helper == 0 {
                setresuid(uid, uid, uid);
                kill(-1, 9);
                _exit(0);
            }
        }
        let own = std::process::id() as i32;
        for round in 0..1000 {
            let left = descendants(own);
            for signal in [19, 9] {
                for &pid in &left {
                    kill(pid, signal);
                }
            }
            let mut status = 0;
            while waitpid(-1, &mut status, 1) > 0 {}
            if left.is_empty() {
                break;
            }
            if round > 2 {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        }
    }
}

/// Bytes of memory of its own that each descendant holds, together. What is shared (a compiler's libraries) counts for none.
fn memory_of(own: i32) -> u64 {
    const PAGE: u64 = 4096;
    let held = |pid: i32| {
        let words = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap_or_default();
        let mut pages = words.split(' ').skip(1).map(|word| word.parse::<u64>().unwrap_or(0));
        let (resident, shared) = (pages.next().unwrap_or(0), pages.next().unwrap_or(0));
        resident.saturating_sub(shared) * PAGE
    };
    descendants(own).into_iter().map(held).sum()
}

/// Looks after the clock and the memory, beside the thread that waits: whoever is beyond one of them is killed.
pub fn watch(child: c_int, parent: c_int, end: std::time::Instant, memory: Option<u64>, too_much: &std::sync::atomic::AtomicBool) {
    let own = std::process::id() as i32;
    let pause = std::time::Duration::from_millis(25);
    loop {
        let left = end.saturating_duration_since(std::time::Instant::now());
        let beyond = memory.is_some_and(|limit| memory_of(own) > limit);
        // Whoever started us is gone: nobody waits for the result any more.
        let orphaned = unsafe { getppid() } != parent;
        if left.is_zero() || beyond || orphaned {
            too_much.store(beyond, std::sync::atomic::Ordering::SeqCst);
            // SAFETY: a signal to our own child, which nobody has waited for: the thread that does ends this process.
            unsafe { kill(child, 9) };
            return;
        }
        std::thread::sleep(left.min(pause));
    }
}
