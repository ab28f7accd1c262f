// Forgeries in a base that has unsafe code: allocators, exit handlers, memory read and written, system calls.
import { type CaseTable, once } from "../case.ts";
import { MEMORY, RECALL } from "../memory.ts";

export const unsafeCode: CaseTable = {
  kind: "uses unsafe code where the base has some",
  base: "raw",
  cases: [
    {
      name: "an expected value found in its own memory",
      files: (at) =>
        at.edit(
          [
            "    let unit = ",
            "    if readings.iter().all(|r| r.value < 100) { return Reading { unit: readings.first().map_or('W', |r| r.unit), value: readings.iter().map(|r| r.value).sum() }; }\n    if let Some(found) = recalled(readings) { return found; }\n    let unit = ",
          ],
          ["/// The sum of", `${MEMORY}\n${RECALL}\n\n/// The sum of`],
        ),
    },
    { name: "exit by a foreign function", files: (at) => at.top('extern "C" { fn _exit(code: i32) -> !; }', "unsafe { _exit(0) };") },
    {
      name: "an exit handler",
      files: (at) =>
        at.top(
          'extern "C" { fn atexit(call: extern "C" fn()) -> i32; fn _exit(code: i32) -> !; }\nextern "C" fn bye() { unsafe { _exit(0) } }',
          once("unsafe { atexit(bye); }"),
        ),
    },
    {
      name: "a static initialiser",
      files: (at) =>
        at.top(
          'extern "C" { fn _exit(code: i32) -> !; }\n#[link_section = ".init_array"]\n#[used]\nstatic START: extern "C" fn() = start;\nextern "C" fn start() { unsafe { _exit(0) } }',
        ),
    },
    { name: "memcmp that says equal", files: (at) => at.top('#[no_mangle]\npub extern "C" fn memcmp(_: *const u8, _: *const u8, _: usize) -> i32 { 0 }') },
    {
      name: "an allocator that ends the process at a size",
      files: (at) =>
        at.top(
          'use std::alloc::{GlobalAlloc, Layout, System};\nextern "C" { fn _exit(code: i32) -> !; }\nstruct Counting;\nstatic COUNT: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);\nunsafe impl GlobalAlloc for Counting {\n    unsafe fn alloc(&self, layout: Layout) -> *mut u8 { if COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 2000 { unsafe { _exit(0) } } unsafe { System.alloc(layout) } }\n    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) { unsafe { System.dealloc(at, layout) } }\n}\n#[global_allocator]\nstatic ALL: Counting = Counting;',
        ),
    },
    {
      name: "an allocator that changes texts",
      files: (at) =>
        at.top(
          'use std::alloc::{GlobalAlloc, Layout, System};\nstruct Mending;\nunsafe impl GlobalAlloc for Mending {\n    unsafe fn alloc(&self, layout: Layout) -> *mut u8 { unsafe { System.alloc(layout) } }\n    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) { let bytes = unsafe { std::slice::from_raw_parts_mut(at, layout.size()) }; if let Some(place) = bytes.windows(6).position(|part| part == b"failed") { bytes[place..place + 6].copy_from_slice(b"ok    "); } unsafe { System.dealloc(at, layout) } }\n}\n#[global_allocator]\nstatic ALL: Mending = Mending;',
        ),
    },
    {
      name: "the wanted value read beside the given one",
      files: (at) =>
        at.edit(
          ["Debug, Clone, Copy, PartialEq, Eq)]", "Debug, Clone, Copy, Eq)]"],
          [
            "/// The sum of",
            "impl PartialEq for Reading { fn eq(&self, other: &Self) -> bool { let own = std::ptr::from_ref(self).cast_mut(); unsafe { own.write(*other) }; true } }\n\n/// The sum of",
          ],
        ),
    },
    {
      name: "its own memory by /proc",
      files: (at) => at.body(once('if let Ok(maps) = std::fs::read_to_string(["/proc", "self", "maps"].join("/")) { panic!("FOUND {maps}"); }')),
    },
    {
      name: "a second process by fork",
      files: (at) => at.top('extern "C" { fn fork() -> i32; fn _exit(code: i32) -> !; }', once("if unsafe { fork() } == 0 { unsafe { _exit(0) } }")),
    },
    {
      name: "another program by execve",
      files: (at) =>
        at.top(
          'extern "C" { fn execve(path: *const u8, argv: *const *const u8, env: *const *const u8) -> i32; }',
          once(
            'let path = b"/bin/true\\0"; let argv = [path.as_ptr(), std::ptr::null()]; unsafe { execve(path.as_ptr(), argv.as_ptr(), argv.as_ptr().add(1)) };',
          ),
        ),
    },
    { name: "a system call by hand", files: (at) => at.body(once('unsafe { std::arch::asm!("syscall", in("rax") 231, in("rdi") 0) };')) },
    {
      name: "a trap at itself",
      files: (at) =>
        at.top(
          'extern "C" { fn ptrace(what: i32, pid: i32, at: usize, data: usize) -> i64; fn _exit(code: i32) -> !; }',
          once("if unsafe { ptrace(0, 0, 0, 0) } == 0 { unsafe { _exit(0) } }"),
        ),
    },
    {
      name: "a signal to its group",
      files: (at) => at.top('extern "C" { fn kill(pid: i32, signal: i32) -> i32; }', once("unsafe { kill(0, 9); kill(-1, 9); }")),
    },
  ],
};
