//! The wall's last step: a small program that shuts the door behind itself and becomes the stage's program.
//!
//! launcher lo
//!     Brings the loopback interface of this network namespace up.
//! launcher stage [--wall test|spawn|build] [--net none|loopback|pair] [--landlock FILE] [--chdir DIR] [--limit NAME=N]…
//!                [--mark N] [--fd N] [--name ARGV0] -- PROGRAM ARG…
//!     Applies limits, Landlock and seccomp, says so at descriptor N, then executes PROGRAM; with --fd, the file open there,
//!     under ARGV0.
//! launcher capture --out PATH --bytes N --seconds N [--memory BYTES] [--uid N] -- [NAME=VALUE]… PROGRAM ARG…
//!     Runs PROGRAM, with these variables alone where there are any, and kills everything that came of it as soon as it has
//!     ended, its time is up or all of it together holds too much memory. PATH.out keeps the first N bytes of its output and,
//!     of what comes after, only events of a test harness; PATH.cut the number of bytes left out, where there are any; PATH.err
//!     64 KiB of its errors; PATH.rc its exit code (137 where it was killed, 125 where it could not be started), and when it
//!     began and ended, in seconds since boot.
//! launcher probe
//!     Tells what this kernel has: landlock=ABI seccomp=0|1.
//!
//! Written with std alone, so that any toolchain builds it. Exit code 125: the wall could not be built, and nothing ran.
use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_long, c_ulong, c_void};

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("the wall has system call tables for x86_64 and aarch64 only");

extern "C" {
    fn syscall(number: c_long, ...) -> c_long;
    fn prctl(option: c_int, ...) -> c_int;
    fn ioctl(fd: c_int, request: c_ulong, ...) -> c_int;
    fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int;
    fn mmap(addr: *mut c_void, len: usize, prot: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    fn setrlimit(resource: c_int, limit: *const [u64; 2]) -> c_int;
    fn chdir(path: *const c_char) -> c_int;
    fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    fn close(fd: c_int) -> c_int;
    fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
    fn fork() -> c_int;
    fn setpgid(pid: c_int, group: c_int) -> c_int;
    fn setsid() -> c_int;
    fn getppid() -> c_int;
    fn setresuid(real: u32, effective: u32, saved: u32) -> c_int;
    fn setresgid(real: u32, effective: u32, saved: u32) -> c_int;
    fn setgroups(size: usize, list: *const u32) -> c_int;
    fn waitpid(pid: c_int, status: *mut c_int, options: c_int) -> c_int;
    fn kill(pid: c_int, signal: c_int) -> c_int;
    fn signal(number: c_int, handler: usize) -> usize;
    fn execv(path: *const c_char, argv: *const *const c_char) -> c_int;
    fn execvp(file: *const c_char, argv: *const *const c_char) -> c_int;
    fn pipe2(ends: *mut [c_int; 2], flags: c_int) -> c_int;
    fn dup2(from: c_int, to: c_int) -> c_int;
    fn _exit(code: c_int) -> !;
    static mut environ: *const *const c_char;
}

mod nr {
    #[cfg(target_arch = "x86_64")]
    pub const ARCH: u32 = 0xC000_003E;
    #[cfg(target_arch = "aarch64")]
    pub const ARCH: u32 = 0xC000_00B7;

    // The numbers above 423 are the same on every architecture.
    pub const CLONE3: u32 = 435;
    pub const IO_URING: [u32; 3] = [425, 426, 427];
    pub const LANDLOCK_CREATE: i64 = 444;
    pub const LANDLOCK_ADD: i64 = 445;
    pub const LANDLOCK_RESTRICT: i64 = 446;

    #[cfg(target_arch = "x86_64")]
    pub mod arch {
        pub const EXECVE: u32 = 59;
        pub const EXECVEAT: u32 = 322;
        pub const CLONE: u32 = 56;
        pub const FORKS: &[u32] = &[57, 58];
        pub const SOCKET: u32 = 41;
        pub const SOCKETPAIR: u32 = 53;
        pub const SECCOMP: i64 = 317;
        pub const GETRANDOM: i64 = 318;
        pub const MEMFD: u32 = 319;
        /// kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal
        pub const SIGNALS: &[u32] = &[62, 200, 234, 129, 297, 424];
        /// ptrace process_vm_readv process_vm_writev kcmp bpf perf_event_open keyctl add_key request_key userfaultfd
        /// mount umount2 pivot_root chroot unshare setns swapon swapoff reboot sethostname setdomainname init_module
        /// finit_module delete_module kexec_load kexec_file_load acct quotactl syslog settimeofday clock_settime
        /// adjtimex clock_adjtime name_to_handle_at open_by_handle_at iopl ioperm modify_ldt lookup_dcookie vhangup
        /// personality nfsservctl migrate_pages move_pages
        pub const REFUSED: &[u32] = &[
            101, 310, 311, 312, 321, 298, 250, 248, 249, 323, 165, 166, 155, 161, 272, 308, 167, 168, 169, 170, 171, 175, 313, 176, 246,
            320, 163, 179, 103, 164, 227, 159, 305, 303, 304, 172, 173, 154, 212, 153, 135, 180, 256, 279,
        ];
    }
    #[cfg(target_arch = "aarch64")]
    pub mod arch {
        pub const EXECVE: u32 = 221;
        pub const EXECVEAT: u32 = 281;
        pub const CLONE: u32 = 220;
        pub const FORKS: &[u32] = &[];
        pub const SOCKET: u32 = 198;
        pub const SOCKETPAIR: u32 = 199;
        pub const SECCOMP: i64 = 277;
        pub const GETRANDOM: i64 = 278;
        pub const MEMFD: u32 = 279;
        pub const SIGNALS: &[u32] = &[129, 130, 131, 138, 240, 424];
        /// The same calls as on x86_64, where this architecture has them.
        pub const REFUSED: &[u32] = &[
            117, 270, 271, 272, 280, 241, 219, 217, 218, 282, 40, 39, 41, 51, 97, 268, 224, 225, 142, 161, 162, 105, 273, 106, 104, 294, 89,
            60, 116, 170, 112, 171, 266, 264, 265, 18, 58, 92, 42, 238, 239,
        ];
    }

    /// open_tree move_mount fsopen fsconfig fsmount fspick pidfd_getfd process_madvise mount_setattr quotactl_fd
    /// memfd_secret process_mrelease, and pidfd_open
    pub const REFUSED_NEW: &[u32] = &[428, 429, 430, 431, 432, 433, 438, 440, 442, 443, 447, 448, 434];
}

const ALLOW: u32 = 0x7fff_0000;
const KILL: u32 = 0x8000_0000;
const ERRNO: u32 = 0x0005_0000;
const EPERM: u32 = 1;
const ENOSYS: u32 = 38;
const EAFNOSUPPORT: u32 = 97;
const CLONE_THREAD: u32 = 0x0001_0000;
const AT_EMPTY_PATH: u32 = 0x1000;

#[derive(Clone, Copy, PartialEq)]
enum Wall {
    /// Threads, but no other process and no other program.
    Test,
    /// Also processes: what may be executed is decided by the mounts and by Landlock.
    Spawn,
    /// A compiler at work: processes and programs, no network.
    Build,
}

/// Why the wall could not be built. Nothing has run.
struct Refusal(String);
type Step<T> = Result<T, Refusal>;

fn refused<T>(what: &str) -> Step<T> {
    Err(Refusal(format!("{what}: {}", std::io::Error::last_os_error())))
}

// ——— seccomp ———

#[repr(C)]
#[derive(Clone, Copy)]
struct Instruction {
    code: u16,
    jt: u8,
    jf: u8,
    k: u32,
}

#[derive(Default)]
struct Filter(Vec<Instruction>);

impl Filter {
    fn push(&mut self, code: u16, jt: u8, jf: u8, k: u32) {
        self.0.push(Instruction { code, jt, jf, k });
    }
    fn load(&mut self, offset: u32) {
        self.push(0x20, 0, 0, offset);
    }
    fn end(&mut self, action: u32) {
        self.push(0x06, 0, 0, action);
    }
    /// Ends with the action where the loaded word equals `k`.
    fn when_equal(&mut self, k: u32, action: u32) {
        self.push(0x15, 0, 1, k);
        self.end(action);
    }
    fn unless_equal(&mut self, k: u32, action: u32) {
        self.push(0x15, 1, 0, k);
        self.end(action);
    }
    /// A block that only this call goes through; every path of it must end.
    fn call(&mut self, number: u32, block: impl FnOnce(&mut Filter)) {
        let mut inner = Filter::default();
        block(&mut inner);
        self.push(0x15, 0, u8::try_from(inner.0.len()).expect("a short block"), number);
        self.0.append(&mut inner.0);
    }
}

/// The offset of an argument's lower half; the upper half is four bytes on (both architectures are little-endian).
const fn argument(index: u32) -> u32 {
    16 + 8 * index
}

fn filter(wall: Wall, families: &[u32], page: Option<u64>, own: Option<u32>) -> Filter {
    use nr::arch;
    let mut code = Filter::default();
    code.load(4);
    code.unless_equal(nr::ARCH, KILL);
    code.load(0);
    if cfg!(target_arch = "x86_64") {
        // The x32 calls have numbers of their own.
        code.push(0x35, 0, 1, 0x4000_0000);
        code.end(KILL);
    }
    for &number in arch::REFUSED.iter().chain(nr::REFUSED_NEW).chain(&nr::IO_URING) {
        code.when_equal(number, ERRNO | EPERM);
    }
    for number in [arch::SOCKET, arch::SOCKETPAIR] {
        code.call(number, |block| {
            block.load(argument(0));
            // A pair of UNIX sockets leads nowhere but to its own end.
            let pair = if number == arch::SOCKETPAIR && families.is_empty() { &[1][..] } else { families };
            for &family in pair {
                block.when_equal(family, ALLOW);
            }
            block.end(ERRNO | EAFNOSUPPORT);
        });
    }
    if let Some(own) = own {
        for &number in arch::SIGNALS {
            code.call(number, |block| {
                block.load(argument(0));
                block.when_equal(own, ALLOW);
                block.end(ERRNO | EPERM);
            });
        }
    }
    if wall != Wall::Build {
        code.call(arch::EXECVEAT, |block| {
            if let Some(page) = page {
                block.load(argument(1));
                block.unless_equal(page as u32, KILL);
                block.load(argument(1) + 4);
                block.unless_equal((page >> 32) as u32, KILL);
                block.load(argument(4));
                block.unless_equal(AT_EMPTY_PATH, KILL);
                block.end(ALLOW);
            } else {
                block.end(KILL);
            }
        });
        // A program that is a file in memory has no path that could be kept out of reach.
        code.when_equal(arch::MEMFD, ERRNO | EPERM);
    }
    if wall == Wall::Test {
        code.when_equal(arch::EXECVE, ERRNO | EPERM);
        for &number in arch::FORKS {
            code.when_equal(number, ERRNO | EPERM);
        }
        code.when_equal(nr::CLONE3, ERRNO | ENOSYS);
        code.call(arch::CLONE, |block| {
            block.load(argument(0));
            block.push(0x45, 0, 1, CLONE_THREAD);
            block.end(ALLOW);
            block.end(ERRNO | EPERM);
        });
    }
    code.end(ALLOW);
    code
}

#[repr(C)]
struct Program {
    len: u16,
    filter: *const Instruction,
}

fn install(filter: &Filter) -> Step<()> {
    let program = Program { len: u16::try_from(filter.0.len()).expect("a short filter"), filter: filter.0.as_ptr() };
    // SAFETY: the program outlives the call, and its length is that of the slice behind it.
    if unsafe { syscall(nr::arch::SECCOMP, 1 as c_long, 0 as c_long, &program as *const Program) } != 0 {
        return refused("seccomp");
    }
    Ok(())
}

/// An address of 46 random bits at which an empty path lies: whoever does not know it can't execute anything after us.
fn random_page() -> Step<u64> {
    for _ in 0..64 {
        let mut bits = [0u8; 8];
        // SAFETY: the buffer is as long as said.
        if unsafe { syscall(nr::arch::GETRANDOM, bits.as_mut_ptr(), 8usize, 0 as c_long) } != 8 {
            return refused("getrandom");
        }
        let address = u64::from_le_bytes(bits) & ((1 << 46) - 1);
        let page = address & !0xfff;
        if page < 0x10_0000 {
            continue;
        }
        // PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE. SAFETY: a fresh mapping; nothing is replaced.
        let got = unsafe { mmap(page as *mut c_void, 4096, 1, 0x2 | 0x20 | 0x10_0000, -1, 0) };
        if got as u64 == page {
            return Ok(address);
        }
    }
    Err(Refusal("no free page was found".into()))
}

// ——— Landlock ———

const LANDLOCK_READ: u64 = 1 << 2 | 1 << 3;
const LANDLOCK_EXECUTE: u64 = 1;
/// All rights on files that ABI 1 knows; REFER (2), TRUNCATE (3) and IOCTL_DEV (5) come with later ones.
const LANDLOCK_ALL_1: u64 = (1 << 13) - 1;

fn landlock_abi() -> i64 {
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
fn landlock(table: &str) -> Step<()> {
    let abi = landlock_abi();
    if abi < 1 {
        return Err(Refusal("this kernel has no Landlock".into()));
    }
    let all = LANDLOCK_ALL_1 | if abi >= 2 { 1 << 13 } else { 0 } | if abi >= 3 { 1 << 14 } else { 0 } | if abi >= 5 { 1 << 15 } else { 0 };
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
            "r" => LANDLOCK_READ,
            "x" => LANDLOCK_READ | LANDLOCK_EXECUTE,
            "w" => all & !LANDLOCK_EXECUTE,
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

// ——— the stage ———

fn text(word: &str) -> Step<CString> {
    CString::new(word).map_err(|_| Refusal(format!("a NUL in {word:?}")))
}

fn limit(word: &str) -> Step<()> {
    let (name, value) = word.split_once('=').ok_or_else(|| Refusal(format!("not a limit: {word}")))?;
    let resource = match name {
        "cpu" => 0,
        "fsize" => 1,
        "stack" => 3,
        "core" => 4,
        "nproc" => 6,
        "nofile" => 7,
        "as" => 9,
        _ => return Err(Refusal(format!("no such limit: {name}"))),
    };
    let value: u64 = value.parse().map_err(|_| Refusal(format!("not a limit: {word}")))?;
    // SAFETY: two words, as the call expects.
    if unsafe { setrlimit(resource, &[value, value]) } != 0 {
        return refused(word);
    }
    Ok(())
}

struct Stage {
    wall: Wall,
    /// Landlock is in force: what is executed lies on no path that it allows.
    confined: bool,
    families: Vec<u32>,
    fd: Option<c_int>,
    /// Where it is said that the wall stands: what follows is the program's doing. Closed before that begins.
    mark: Option<c_int>,
    /// The program's own: a copy of it may be larger than a file that it may write.
    limits: Vec<String>,
    words: Vec<CString>,
}

fn read_stage(mut words: std::env::Args) -> Step<Stage> {
    let mut stage = Stage { wall: Wall::Test, confined: false, families: vec![1, 2, 10], fd: None, mark: None, limits: vec![], words: vec![] };
    let (mut name, mut table, mut folder) = (None, None, None);
    while let Some(word) = words.next() {
        let mut next = || words.next().ok_or_else(|| Refusal(format!("{word} wants a value")));
        match word.as_str() {
            "--wall" => {
                stage.wall = match next()?.as_str() {
                    "test" => Wall::Test,
                    "spawn" => Wall::Spawn,
                    "build" => Wall::Build,
                    other => return Err(Refusal(format!("no wall {other}"))),
                }
            }
            "--net" => {
                stage.families = match next()?.as_str() {
                    "none" => vec![1],
                    "loopback" => vec![1, 2, 10],
                    "pair" => vec![],
                    other => return Err(Refusal(format!("no net {other}"))),
                }
            }
            "--landlock" => table = Some(next()?),
            "--chdir" => folder = Some(next()?),
            "--limit" => stage.limits.push(next()?),
            "--fd" => stage.fd = Some(next()?.parse().map_err(|_| Refusal("--fd wants a number".into()))?),
            "--mark" => stage.mark = Some(next()?.parse().map_err(|_| Refusal("--mark wants a number".into()))?),
            "--name" => name = Some(text(&next()?)?),
            "--" => break,
            other => return Err(Refusal(format!("no flag {other}"))),
        }
    }
    for word in words {
        stage.words.push(text(&word)?);
    }
    if let Some(name) = name {
        stage.words.insert(0, name);
    }
    if let Some(folder) = folder {
        // SAFETY: a NUL-terminated path.
        if unsafe { chdir(text(&folder)?.as_ptr()) } != 0 {
            return refused(&folder);
        }
    }
    // SAFETY: plain numbers.
    if unsafe { prctl(38, 1 as c_ulong, 0 as c_ulong, 0 as c_ulong, 0 as c_ulong) } != 0 {
        return refused("no_new_privs");
    }
    if let Some(table) = table {
        let rules = std::fs::read_to_string(&table).map_err(|error| Refusal(format!("{table}: {error}")))?;
        landlock(&rules)?;
        stage.confined = true;
    }
    Ok(stage)
}

/// A copy of the program in memory, which no path leads to: Landlock lets no other be executed.
fn in_memory(fd: c_int) -> Step<c_int> {
    use std::os::fd::FromRawFd;
    // MFD_CLOEXEC | MFD_EXEC, the latter unknown before Linux 6.3. SAFETY: a NUL-terminated name; both descriptors are ours.
    unsafe {
        let name = c"program".as_ptr();
        let mut memory = syscall(nr::arch::MEMFD as c_long, name, 0x11 as c_long) as c_int;
        if memory < 0 {
            memory = syscall(nr::arch::MEMFD as c_long, name, 1 as c_long) as c_int;
        }
        if memory < 0 {
            return refused("memfd_create");
        }
        let (mut from, mut to) = (std::fs::File::from_raw_fd(fd), std::mem::ManuallyDrop::new(std::fs::File::from_raw_fd(memory)));
        std::io::copy(&mut from, &mut *to).map_err(|error| Refusal(format!("the program can't be read: {error}")))?;
        Ok(memory)
    }
}

/// At the mark: `walled`, the wall stands; `unfit`, it would, and what was built is no program that could run behind it.
fn say(mark: Option<c_int>, word: &[u8]) -> Step<()> {
    use std::io::Write as _;
    use std::os::fd::FromRawFd as _;
    let Some(fd) = mark else { return Ok(()) };
    // SAFETY: a descriptor that we were given; dropping the file closes it.
    let mut file = unsafe { std::fs::File::from_raw_fd(fd) };
    file.write_all(word).map_err(|error| Refusal(format!("the mark can't be written: {error}")))
}

/// SIGPIPE as any program finds it: this one's runtime ignores it, and what is ignored stays so over an exec.
fn by_default() {
    // SAFETY: SIG_DFL for SIGPIPE.
    unsafe { signal(13, 0) };
}

fn become_program(stage: Stage) -> Step<()> {
    by_default();
    // Before ABI 6, Landlock keeps no signal in: then a process may send them to itself alone. The program keeps our number.
    let own = (stage.confined && landlock_abi() < 6).then(std::process::id);
    let mut argv: Vec<*const c_char> = stage.words.iter().map(|word| word.as_ptr()).collect();
    argv.push(std::ptr::null());
    let Some(program) = stage.words.first() else { return Err(Refusal("no program".into())) };
    match stage.fd {
        None if stage.wall == Wall::Build => {
            stage.limits.iter().try_for_each(|word| limit(word))?;
            install(&filter(stage.wall, &stage.families, None, own))?;
            say(stage.mark, b"walled\n")?;
            // SAFETY: NUL-terminated words, and a null pointer at their end.
            unsafe { execv(program.as_ptr(), argv.as_ptr()) };
        }
        None => return Err(Refusal("--fd is wanted: a test's program is no path".into())),
        Some(fd) => {
            let fd = if stage.confined { in_memory(fd).or_else(|Refusal(why)| say(stage.mark, b"unfit\n").and(Err(Refusal(why))))? } else { fd };
            let page = random_page()?;
            stage.limits.iter().try_for_each(|word| limit(word))?;
            // FD_CLOEXEC. SAFETY: a descriptor of ours; the rest as above.
            unsafe { fcntl(fd, 2, 1 as c_int) };
            install(&filter(stage.wall, &stage.families, Some(page), own))?;
            say(stage.mark, b"walled\n")?;
            unsafe {
                syscall(nr::arch::EXECVEAT as c_long, fd as c_long, page, argv.as_ptr(), environ, AT_EMPTY_PATH as c_long);
            }
        }
    }
    refused("exec")
}

// ——— supervision ———

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
fn sweep(uid: Option<u32>) {
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
fn watch(child: c_int, parent: c_int, end: std::time::Instant, memory: Option<u64>, too_much: &std::sync::atomic::AtomicBool) {
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

struct Captured {
    /// Where its outputs go, without their endings.
    out: String,
    bytes: usize,
    seconds: f64,
    memory: Option<u64>,
    uid: Option<u32>,
    /// Its whole environment; empty: ours.
    variables: Vec<CString>,
    words: Vec<CString>,
}

fn read_captured(mut words: std::env::Args) -> Step<Captured> {
    let mut job = Captured { out: String::new(), bytes: 0, seconds: 60.0, memory: None, uid: None, variables: vec![], words: vec![] };
    while let Some(word) = words.next() {
        let wrong = || Refusal(format!("{word} wants a number"));
        let mut next = || words.next().ok_or_else(|| Refusal(format!("{word} wants a value")));
        match word.as_str() {
            "--out" => job.out = next()?,
            "--bytes" => job.bytes = next()?.parse().map_err(|_| wrong())?,
            "--seconds" => job.seconds = next()?.parse().map_err(|_| wrong())?,
            "--memory" => job.memory = Some(next()?.parse().map_err(|_| wrong())?),
            "--uid" => job.uid = Some(next()?.parse().map_err(|_| wrong())?),
            "--" => break,
            other => return Err(Refusal(format!("no flag {other}"))),
        }
    }
    let mut words = words.peekable();
    while let Some(variable) = words.next_if(|word| word.contains('=')) {
        job.variables.push(text(&variable)?);
    }
    job.words = words.map(|word| text(&word)).collect::<Step<_>>()?;
    Ok(job)
}

fn capture(words: std::env::Args) -> Step<i32> {
    let job = read_captured(words)?;
    let from = uptime();
    let (code, why) = match run_captured(&job) {
        Ok((code, why)) => (code, why),
        Err(Refusal(why)) => (125, Some(why)),
    };
    if let Some(why) = why {
        use std::io::Write as _;
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(format!("{}.err", job.out));
        errors.and_then(|mut file| writeln!(file, "wall: {why}")).map_err(lost)?;
    }
    std::fs::write(format!("{}.rc", job.out), format!("{code} {from} {}\n", uptime())).map_err(lost)?;
    Ok(0)
}

/// Seconds since boot, to a hundredth.
fn uptime() -> String {
    std::fs::read_to_string("/proc/uptime").ok().and_then(|line| line.split(' ').next().map(String::from)).unwrap_or_else(|| "0".into())
}

fn lost(error: std::io::Error) -> Refusal {
    Refusal(format!("output can't be kept: {error}"))
}

/// Its exit code, and what else is to be told.
fn run_captured(job: &Captured) -> Step<(i32, Option<String>)> {
    if job.words.is_empty() {
        return Err(Refusal("no program".into()));
    }
    let create = |ending: &str| std::fs::File::create(format!("{}.{ending}", job.out)).map_err(lost);
    let (output, errors) = (create("out")?, create("err")?);
    let ([from_out, to_out], [from_err, to_err]) = (pipe()?, pipe()?);
    // SAFETY: plain numbers.
    let parent = unsafe {
        // Out of its starter's session: what ends that one leaves us to clear up. PR_SET_CHILD_SUBREAPER.
        setsid();
        prctl(36, 1 as c_ulong, 0 as c_ulong, 0 as c_ulong, 0 as c_ulong);
        getppid()
    };
    let child = start(job, to_out, to_err)?;
    // SAFETY: descriptors of ours, which the child has copies of.
    let (from_out, from_err) = unsafe {
        use std::os::fd::FromRawFd as _;
        close(to_out);
        close(to_err);
        (std::fs::File::from_raw_fd(from_out), std::fs::File::from_raw_fd(from_err))
    };
    let (end, memory, limit) = (std::time::Instant::now() + std::time::Duration::from_secs_f64(job.seconds), job.memory, job.bytes);
    let too_much = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let told = std::sync::Arc::clone(&too_much);
    std::thread::spawn(move || watch(child, parent, end, memory, &told));
    let kept = std::thread::spawn(move || keep(from_out, output, limit));
    let held = std::thread::spawn(move || keep_errors(from_err, errors));
    let mut status = 0;
    // SAFETY: waits for our own child, and reaps what was orphaned.
    while unsafe { waitpid(-1, &mut status, 0) } != child {}
    sweep(job.uid);
    let failed = |_| Refusal("a thread that keeps output ended".into());
    let cut = kept.join().map_err(failed)??;
    held.join().map_err(failed)??;
    if cut > 0 {
        std::fs::write(format!("{}.cut", job.out), cut.to_string()).map_err(lost)?;
    }
    let code = if status & 0x7f == 0 { status >> 8 & 0xff } else { 128 + (status & 0x7f) };
    Ok((code, too_much.load(std::sync::atomic::Ordering::SeqCst).then(|| "killed for its memory".into())))
}

fn pipe() -> Step<[c_int; 2]> {
    let mut ends = [0; 2];
    // O_CLOEXEC. SAFETY: room for two descriptors.
    if unsafe { pipe2(&mut ends, 0o2000000) } != 0 {
        return refused("pipe");
    }
    Ok(ends)
}

fn pointers(words: &[CString]) -> Vec<*const c_char> {
    words.iter().map(|word| word.as_ptr()).chain([std::ptr::null()]).collect()
}

fn start(job: &Captured, to_out: c_int, to_err: c_int) -> Step<c_int> {
    let (argv, variables) = (pointers(&job.words), pointers(&job.variables));
    // SAFETY: between fork and exec only system calls are made, on NUL-terminated words.
    unsafe {
        let child = fork();
        if child < 0 {
            return refused("fork");
        }
        if child > 0 {
            return Ok(child);
        }
        setpgid(0, 0);
        by_default();
        // PR_SET_PDEATHSIG.
        prctl(1, 9 as c_ulong, 0 as c_ulong, 0 as c_ulong, 0 as c_ulong);
        if dup2(to_out, 1) < 0 || dup2(to_err, 2) < 0 {
            _exit(125);
        }
        if let Some(uid) = job.uid {
            // PR_CAPBSET_DROP, of every capability that there is.
            for capability in 0..64 as c_ulong {
                prctl(24, capability, 0 as c_ulong, 0 as c_ulong, 0 as c_ulong);
            }
            if setgroups(0, std::ptr::null()) != 0 || setresgid(uid, uid, uid) != 0 || setresuid(uid, uid, uid) != 0 {
                _exit(125);
            }
        }
        if !job.variables.is_empty() {
            environ = variables.as_ptr();
        }
        execvp(argv[0], argv.as_ptr());
        _exit(127)
    }
}

// ——— output ———

/// How a test harness's event begins. Inside an event's own texts the quotes are escaped.
const EVENT: &[u8] = b"{ \"type\": \"";
/// Bytes of one event that are kept beyond the limit.
const LONGEST_EVENT: usize = 1 << 20;

/// Finds events in what comes byte by byte.
#[derive(Default)]
struct Events {
    /// Bytes of `EVENT` that the last ones were, and the event being read; longer than that only with its beginning.
    line: Vec<u8>,
}

impl Events {
    /// The event that this byte ends.
    fn take(&mut self, byte: u8) -> Option<Vec<u8>> {
        if byte == b'\n' {
            let line = std::mem::take(&mut self.line);
            return (line.len() > EVENT.len()).then_some(line);
        }
        if self.line.len() < EVENT.len() {
            if byte != EVENT[self.line.len()] {
                self.line.clear();
            }
            if byte == EVENT[self.line.len()] {
                self.line.push(byte);
            }
        } else if self.line.len() < LONGEST_EVENT {
            self.line.push(byte);
            if self.line.ends_with(EVENT) {
                self.line = EVENT.to_vec();
            }
        }
        None
    }
}

/// Copies up to so many bytes; of what comes after, only events of a test harness. Gives the number of bytes that it left out.
fn keep(mut from: std::fs::File, mut to: std::fs::File, limit: usize) -> Step<u64> {
    use std::io::{Read as _, Write as _};
    let (mut kept, mut cut, mut events, mut buffer) = (0usize, 0u64, Events::default(), vec![0u8; 1 << 16]);
    loop {
        let count = from.read(&mut buffer).map_err(lost)?;
        if count == 0 {
            return Ok(cut);
        }
        let whole = count.min(limit - kept);
        to.write_all(&buffer[..whole]).map_err(lost)?;
        kept += whole;
        cut += (count - whole) as u64;
        // Read from the first byte on: an event may lie across the limit.
        for (at, &byte) in buffer[..count].iter().enumerate() {
            let event = events.take(byte);
            if let (Some(event), true) = (event, at >= whole) {
                to.write_all(b"\n").and_then(|()| to.write_all(&event)).and_then(|()| to.write_all(b"\n")).map_err(lost)?;
            }
        }
    }
}

/// The first 64 KiB; the rest is read, so that nobody who writes it waits.
fn keep_errors(mut from: std::fs::File, mut to: std::fs::File) -> Step<()> {
    use std::io::Read as _;
    std::io::copy(&mut from.by_ref().take(1 << 16), &mut to).and_then(|_| std::io::copy(&mut from, &mut std::io::sink())).map(|_| ()).map_err(lost)
}

// ——— loopback ———

fn loopback() -> Step<()> {
    #[repr(C)]
    struct Request {
        name: [u8; 16],
        flags: i16,
        rest: [u8; 22],
    }
    let mut request = Request { name: [0; 16], flags: 0, rest: [0; 22] };
    request.name[..2].copy_from_slice(b"lo");
    // SAFETY: SIOCGIFFLAGS and SIOCSIFFLAGS on a structure of the size that they expect.
    unsafe {
        let fd = socket(2, 2 | 0o2000000, 0);
        if fd < 0 || ioctl(fd, 0x8913, &mut request) != 0 {
            return refused("lo");
        }
        request.flags |= 1;
        if ioctl(fd, 0x8914, &request) != 0 {
            return refused("lo");
        }
        close(fd);
    }
    Ok(())
}

fn main() {
    let mut words = std::env::args();
    words.next();
    let done = match words.next().as_deref() {
        Some("lo") => loopback().map(|()| 0),
        Some("stage") => read_stage(words).and_then(become_program).map(|()| 0),
        Some("capture") => capture(words),
        Some("probe") => {
            println!("landlock={}", landlock_abi().max(0));
            Ok(0)
        }
        _ => Err(Refusal("launcher lo | stage … | capture … | probe".into())),
    };
    std::process::exit(done.unwrap_or_else(|Refusal(why)| {
        eprintln!("wall: {why}");
        125
    }));
}
