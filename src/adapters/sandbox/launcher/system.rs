//! What the C library offers, and how a step of the launcher fails.
use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_long, c_ulong, c_void};

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("the wall has system call tables for x86_64 and aarch64 only");

extern "C" {
    pub fn syscall(number: c_long, ...) -> c_long;
    pub fn prctl(option: c_int, ...) -> c_int;
    pub fn ioctl(fd: c_int, request: c_ulong, ...) -> c_int;
    pub fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int;
    pub fn mmap(addr: *mut c_void, len: usize, prot: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    pub fn setrlimit(resource: c_int, limit: *const [u64; 2]) -> c_int;
    pub fn chdir(path: *const c_char) -> c_int;
    pub fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    pub fn close(fd: c_int) -> c_int;
    pub fn fcntl(fd: c_int, command: c_int, ...) -> c_int;
    pub fn fork() -> c_int;
    pub fn setpgid(pid: c_int, group: c_int) -> c_int;
    pub fn setsid() -> c_int;
    pub fn getppid() -> c_int;
    pub fn setresuid(real: u32, effective: u32, saved: u32) -> c_int;
    pub fn setresgid(real: u32, effective: u32, saved: u32) -> c_int;
    pub fn setgroups(size: usize, list: *const u32) -> c_int;
    pub fn waitpid(pid: c_int, status: *mut c_int, options: c_int) -> c_int;
    pub fn kill(pid: c_int, signal: c_int) -> c_int;
    pub fn signal(number: c_int, handler: usize) -> usize;
    pub fn execv(path: *const c_char, argv: *const *const c_char) -> c_int;
    pub fn execvp(file: *const c_char, argv: *const *const c_char) -> c_int;
    pub fn pipe2(ends: *mut [c_int; 2], flags: c_int) -> c_int;
    pub fn dup2(from: c_int, to: c_int) -> c_int;
    pub fn _exit(code: c_int) -> !;
    pub static mut environ: *const *const c_char;
}

/// Why the wall could not be built. Nothing has run.
pub struct Refusal(pub String);
pub type Step<T> = Result<T, Refusal>;

pub fn refused<T>(what: &str) -> Step<T> {
    Err(Refusal(format!("{what}: {}", std::io::Error::last_os_error())))
}

pub fn text(word: &str) -> Step<CString> {
    CString::new(word).map_err(|_| Refusal(format!("a NUL in {word:?}")))
}

pub fn lost(error: std::io::Error) -> Refusal {
    Refusal(format!("output can't be kept: {error}"))
}

/// SIGPIPE as any program finds it: this one's runtime ignores it, and what is ignored stays so over an exec.
pub fn by_default() {
    // SAFETY: SIG_DFL for SIGPIPE.
    unsafe { signal(13, 0) };
}
