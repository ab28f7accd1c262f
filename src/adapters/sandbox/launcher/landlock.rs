//! Which files the program may reach, on kernels that have Landlock.
use std::os::raw::{c_int, c_long, c_void};

use crate::numbers as nr;
use crate::system::{close, open, refused, syscall, text, Refusal, Step};

const READ: u64 = 1 << 2 | 1 << 3;
const EXECUTE: u64 = 1;
/// All rights on files that ABI 1 knows; REFER (2), TRUNCATE (3) and IOCTL_DEV (5) come with later ones.
const ALL_1: u64 = (1 << 13) - 1;

pub fn abi() -> i64 {
    // SAFETY: asks for the version only.
    unsafe { syscall(nr::LANDLOCK_CREATE, std::ptr::null::<c_void>(), 0usize, 1 as c_long) }
}

#[repr(C)]
struct Ruleset {
    fs: u64,
    net: u64,
    scoped: u64,
}

#[repr(C, packed)]
struct PathRule {
    allowed: u64,
    parent: c_int,
}

/// `table`: lines of `r|x|w PATH`: read; read and execute; all of it. What is not there is passed over only with `?`.
pub fn restrict(table: &str) -> Step<()> {
    let abi = abi();
    if abi < 1 {
        return Err(Refusal("this kernel has no Landlock".into()));
    }
    let all = ALL_1 | if abi >= 2 { 1 << 13 } else { 0 } | if abi >= 3 { 1 << 14 } else { 0 } | if abi >= 5 { 1 << 15 } else { 0 };
    let rules = Ruleset { fs: all, net: if abi >= 4 { 3 } else { 0 }, scoped: if abi >= 6 { 3 } else { 0 } };
    let size = if abi >= 6 { 24usize } else if abi >= 4 { 16 } else { 8 };
    // SAFETY: the structure is at least as long as said.
    let set = unsafe { syscall(nr::LANDLOCK_CREATE, &rules as *const Ruleset, size, 0 as c_long) } as c_int;
    if set < 0 {
        return refused("landlock_create_ruleset");
    }
    for line in table.lines().filter(|line| !line.is_empty()) {
        let (kind, path) = line.split_once(' ').ok_or_else(|| Refusal(format!("not a rule: {line}")))?;
        let optional = kind.ends_with('?');
        let rights = match kind.trim_end_matches('?') {
            "r" => READ,
            "x" => READ | EXECUTE,
            "w" => all & !EXECUTE,
            "wx" => all,
            _ => return Err(Refusal(format!("not a rule: {line}"))),
        };
        allow(set, path, rights, optional)?;
    }
    // SAFETY: plain calls on a descriptor that we own.
    unsafe {
        if syscall(nr::LANDLOCK_RESTRICT, set, 0 as c_long) != 0 {
            return refused("landlock_restrict_self");
        }
        close(set);
    }
    Ok(())
}

fn allow(set: c_int, path: &str, rights: u64, optional: bool) -> Step<()> {
    let is_folder = match std::fs::metadata(path) {
        Ok(meta) => meta.is_dir(),
        Err(_) if optional => return Ok(()),
        Err(error) => return Err(Refusal(format!("{path}: {error}"))),
    };
    // For a file only: execute, write, read, truncate, ioctl.
    let allowed = if is_folder { rights } else { rights & (1 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15) };
    let name = text(path)?;
    // O_PATH | O_CLOEXEC. SAFETY: a NUL-terminated path; the rule outlives the call.
    unsafe {
        let parent = open(name.as_ptr(), 0o10000000 | 0o2000000);
        if parent < 0 {
            return refused(path);
        }
        let rule = PathRule { allowed, parent };
        let added = syscall(nr::LANDLOCK_ADD, set, 1 as c_long, &rule as *const PathRule, 0 as c_long);
        close(parent);
        if added != 0 {
            return refused(path);
        }
    }
    Ok(())
}
