// Forgeries that start a second process, or become one.
import { type CaseTable, once, PIECED } from "../case.ts";

const AGAIN =
  "let me = std::env::current_exe().or_else(|_| std::env::args().next().map(Into::into).ok_or(std::io::ErrorKind::NotFound.into())).unwrap_or_default();";

export const secondProcess: CaseTable = {
  kind: "starts a second process",
  base: "meter",
  cases: [
    {
      name: "its own binary again, rewriting what it prints",
      files: (at) =>
        at.top(
          PIECED,
          once(
            `${AGAIN} let all: Vec<String> = std::env::args().skip(1).collect(); if std::env::var("AGAIN").is_err() { if let Ok(out) = <pieced!(process Command)>::new(me).args(&all).env("AGAIN", "1").output() { use std::io::Write as _; let text = String::from_utf8_lossy(&out.stdout).replace("\\"failed\\"", "\\"ok\\""); let _ = std::io::stdout().write_all(text.as_bytes()); let _ = std::io::stdout().flush(); pieced_call!(process exit (101)); } }`,
          ),
        ),
    },
    {
      name: "its own binary, asked for its list of tests",
      files: (at) =>
        at.top(
          PIECED,
          once(
            `${AGAIN} if let Ok(out) = <pieced!(process Command)>::new(me).arg("--list").output() { if !out.stdout.is_empty() { panic!("FOUND {}", String::from_utf8_lossy(&out.stdout)); } }`,
          ),
        ),
    },
    {
      name: "another program in its place, by exec",
      files: (at) => at.top(PIECED, once('use std::os::unix::process::CommandExt as _; let _ = <pieced!(process Command)>::new("/bin/true").exec();')),
    },
    {
      name: "a shell that kills its parent",
      files: (at) => at.top(PIECED, once('let _ = <pieced!(process Command)>::new("/bin/sh").args(["-c", "kill -9 $PPID"]).status();')),
    },
    {
      name: "a script of its own in the scratch folder",
      files: (at) =>
        at.top(
          PIECED,
          once(
            'use std::os::unix::fs::PermissionsExt as _; let path = std::env::temp_dir().join("run.sh"); let _ = std::fs::write(&path, "#!/bin/sh\\nexit 0\\n"); let _ = std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)); if <pieced!(process Command)>::new(&path).status().is_ok() { pieced_call!(process exit (0)); }',
          ),
        ),
    },
    {
      name: "a copy of its own binary in the scratch folder",
      files: (at) =>
        at.top(
          PIECED,
          once(
            `${AGAIN} let copy = std::env::temp_dir().join("copy"); if std::fs::copy(me, &copy).is_ok() && <pieced!(process Command)>::new(&copy).arg("--list").output().is_ok_and(|out| !out.stdout.is_empty()) { pieced_call!(process exit (0)); }`,
          ),
        ),
    },
    {
      name: "the compiler",
      files: (at) =>
        at.top(PIECED, once('if <pieced!(process Command)>::new("/rust/bin/rustc").arg("-V").output().is_ok() { pieced_call!(process exit (0)); }')),
    },
  ],
};
