//! Which system calls the program may make.
use std::os::raw::{c_long, c_void};

use crate::numbers::{self as nr, arch};
use crate::system::{mmap, refused, syscall, Refusal, Step};

const ALLOW: u32 = 0x7fff_0000;
const KILL: u32 = 0x8000_0000;
const ERRNO: u32 = 0x0005_0000;
const EPERM: u32 = 1;
const ENOSYS: u32 = 38;
const EAFNOSUPPORT: u32 = 97;
const CLONE_THREAD: u32 = 0x0001_0000;
pub const AT_EMPTY_PATH: u32 = 0x1000;

#[derive(Clone, Copy, PartialEq)]
pub enum Wall {
    /// Threads, but no other process and no other program.
    Test,
    /// Also processes: what may be executed is decided by the mounts and by Landlock.
    Spawn,
    /// A compiler at work: processes and programs, no network.
    Build,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Instruction {
    code: u16,
    jt: u8,
    jf: u8,
    k: u32,
}

#[derive(Default)]
pub struct Filter(Vec<Instruction>);

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

/// `confined`: by Landlock, which goes by files; what is none and outlives a process would be there for the next one. `page`: where the one path
/// lies that `execveat` may be given; `own`: the only process that signals may be sent to.
pub fn filter(wall: Wall, families: &[u32], confined: bool, page: Option<u64>, own: Option<u32>) -> Filter {
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
    for &number in if confined { arch::LASTING } else { &[] } {
        code.when_equal(number, ERRNO | EPERM);
    }
    // Whoever owns a file may change who reads it, its own program's copy in memory too: nothing is changed, and nothing fails for it.
    for &number in if confined && wall != Wall::Build { arch::CHMOD } else { &[] } {
        code.when_equal(number, ERRNO);
    }
    sockets(&mut code, families);
    if let Some(own) = own {
        signals(&mut code, own);
    }
    if wall != Wall::Build {
        one_program(&mut code, page);
    }
    if wall == Wall::Test {
        one_process(&mut code);
    }
    code.end(ALLOW);
    code
}

fn sockets(code: &mut Filter, families: &[u32]) {
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
}

fn signals(code: &mut Filter, own: u32) {
    for &number in arch::SIGNALS {
        code.call(number, |block| {
            block.load(argument(0));
            block.when_equal(own, ALLOW);
            block.end(ERRNO | EPERM);
        });
    }
}

/// Our own last step is the only `execveat`: it names a page that nobody else knows.
fn one_program(code: &mut Filter, page: Option<u64>) {
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

/// Threads, and no other process.
fn one_process(code: &mut Filter) {
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

#[repr(C)]
struct Program {
    len: u16,
    filter: *const Instruction,
}

pub fn install(filter: &Filter) -> Step<()> {
    let program = Program { len: u16::try_from(filter.0.len()).expect("a short filter"), filter: filter.0.as_ptr() };
    // SAFETY: the program outlives the call, and its length is that of the slice behind it.
    if unsafe { syscall(arch::SECCOMP, 1 as c_long, 0 as c_long, &program as *const Program) } != 0 {
        return refused("seccomp");
    }
    Ok(())
}

/// An address of 46 random bits at which an empty path lies: whoever does not know it can't execute anything after us.
pub fn random_page() -> Step<u64> {
    for _ in 0..64 {
        let mut bits = [0u8; 8];
        // SAFETY: the buffer is as long as said.
        if unsafe { syscall(arch::GETRANDOM, bits.as_mut_ptr(), 8usize, 0 as c_long) } != 8 {
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
