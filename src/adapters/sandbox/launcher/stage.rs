//! A stage: limits, Landlock and seccomp, and then the program in this one's place.
use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_long, c_ulong};

use crate::landlock;
use crate::numbers as nr;
use crate::seccomp::{filter, install, random_page, Wall, AT_EMPTY_PATH};
use crate::system::{by_default, chdir, environ, execv, fcntl, lost, prctl, refused, setrlimit, syscall, text, Refusal, Step};

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

pub struct Stage {
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

fn wall(word: &str) -> Step<Wall> {
    match word {
        "test" => Ok(Wall::Test),
        "spawn" => Ok(Wall::Spawn),
        "build" => Ok(Wall::Build),
        other => Err(Refusal(format!("no wall {other}"))),
    }
}

/// Socket families by their numbers: AF_UNIX, AF_INET, AF_INET6.
fn families(word: &str) -> Step<Vec<u32>> {
    match word {
        "none" => Ok(vec![1]),
        "loopback" => Ok(vec![1, 2, 10]),
        "pair" => Ok(vec![]),
        other => Err(Refusal(format!("no net {other}"))),
    }
}

pub fn read(mut words: std::env::Args) -> Step<Stage> {
    let mut stage = Stage { wall: Wall::Test, confined: false, families: families("loopback")?, fd: None, mark: None, limits: vec![], words: vec![] };
    let (mut name, mut table, mut folder) = (None, None, None);
    while let Some(word) = words.next() {
        let mut next = || words.next().ok_or_else(|| Refusal(format!("{word} wants a value")));
        match word.as_str() {
            "--wall" => stage.wall = wall(&next()?)?,
            "--net" => stage.families = families(&next()?)?,
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
    let words = words.map(|word| text(&word)).collect::<Step<Vec<_>>>()?;
    stage.words = name.into_iter().chain(words).collect();
    enter(&mut stage, folder, table)?;
    Ok(stage)
}

/// Into its folder, for good without new privileges, and under Landlock where that is asked for.
fn enter(stage: &mut Stage, folder: Option<String>, table: Option<String>) -> Step<()> {
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
        landlock::restrict(&rules)?;
        stage.confined = true;
    }
    Ok(())
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
        // Landlock lets everybody open what no path leads to, and /proc/self/exe leads to it: executable, and not readable.
        to.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o111)).map_err(lost)?;
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

pub fn become_program(stage: Stage) -> Step<()> {
    by_default();
    // Before ABI 6, Landlock keeps no signal in: then a process may send them to itself alone. The program keeps our number.
    let own = (stage.confined && landlock::abi() < 6).then(std::process::id);
    let mut argv: Vec<*const c_char> = stage.words.iter().map(|word| word.as_ptr()).collect();
    argv.push(std::ptr::null());
    let Some(program) = stage.words.first() else { return Err(Refusal("no program".into())) };
    match stage.fd {
        None if stage.wall == Wall::Build => {
            stage.limits.iter().try_for_each(|word| limit(word))?;
            install(&filter(stage.wall, &stage.families, stage.confined, None, own))?;
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
            install(&filter(stage.wall, &stage.families, stage.confined, Some(page), own))?;
            say(stage.mark, b"walled\n")?;
            unsafe {
                syscall(nr::arch::EXECVEAT as c_long, fd as c_long, page, argv.as_ptr(), environ, AT_EMPTY_PATH as c_long);
            }
        }
    }
    refused("exec")
}
