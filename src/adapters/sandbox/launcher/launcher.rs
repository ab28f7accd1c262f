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
//!     Tells what this kernel has: landlock=ABI, 0 where there is none.
//!
//! Written with std alone, so that any toolchain builds it. Exit code 125: the wall could not be built, and nothing ran.
mod capture;
mod landlock;
mod loopback;
mod numbers;
mod output;
mod seccomp;
mod stage;
mod supervision;
mod system;

use system::Refusal;

fn main() {
    let mut words = std::env::args();
    words.next();
    let done = match words.next().as_deref() {
        Some("lo") => loopback::bring_up().map(|()| 0),
        Some("stage") => stage::read(words).and_then(stage::become_program).map(|()| 0),
        Some("capture") => capture::capture(words),
        Some("probe") => {
            println!("landlock={}", landlock::abi().max(0));
            Ok(0)
        }
        _ => Err(Refusal("launcher lo | stage … | capture … | probe".into())),
    };
    std::process::exit(done.unwrap_or_else(|Refusal(why)| {
        eprintln!("wall: {why}");
        125
    }));
}
