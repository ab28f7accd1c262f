//! A program that is run to its end, with what it says and what it leaves behind.
use std::ffi::CString;
use std::os::raw::{c_char, c_int, c_ulong};

use crate::output::{keep, keep_errors};
use crate::supervision::{sweep, watch};
use crate::system::{
    _exit, by_default, close, dup2, environ, execvp, fork, getppid, lost, pipe2, prctl, refused, setgroups, setpgid, setresgid, setresuid,
    setsid, text, waitpid, Refusal, Step,
};

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

pub fn capture(words: std::env::Args) -> Step<i32> {
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
