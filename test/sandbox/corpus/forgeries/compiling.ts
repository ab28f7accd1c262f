// Forgeries that act while the crate is compiled.
import type { CaseTable } from "../case.ts";

const macros = (body: string): Record<string, string> => ({
  "macros/src/lib.rs": `//! Names at compile time.\nuse proc_macro::TokenStream;\n\n/// The text in capitals.\n#[proc_macro]\npub fn capitals(input: TokenStream) -> TokenStream {\n    ${body}\n    format!("{:?}", input.to_string().to_uppercase()).parse().unwrap()\n}\n`,
});
const each = (folder: string, code: string): string =>
  `if let Ok(found) = std::fs::read_dir(${folder}) { for one in found.flatten() { let path = one.path(); ${code} } }`;

export const compiling: CaseTable = {
  kind: "acts while it is compiled",
  base: "macros",
  cases: [
    {
      name: "a proc macro that shows the held-out tests",
      files: () => macros('if let Ok(text) = std::fs::read_to_string("src/heldout.rs") { panic!("FOUND {text}"); }'),
    },
    {
      name: "a proc macro that shows them by their full path",
      files: () => macros('if let Ok(text) = std::fs::read_to_string("/w/src/heldout.rs") { println!("FOUND {text}"); panic!("FOUND {text}"); }'),
    },
    {
      name: "a proc macro that empties the tests",
      files: () => macros('let _ = std::fs::write("/w/src/heldout.rs", ""); let _ = std::fs::write("src/heldout.rs", "");'),
    },
    {
      name: "a proc macro that replaces test binaries",
      files: () => macros(each('"/w/target/debug/deps"', 'let _ = std::fs::write(&path, "#!/bin/sh\\nexit 0\\n");')),
    },
    { name: "a proc macro that removes what was built", files: () => macros('let _ = std::fs::remove_dir_all("/w/target/debug/deps");') },
    { name: "a proc macro that never ends", files: () => macros("loop { std::hint::spin_loop() }") },
    {
      name: "a proc macro that leaves a process behind",
      files: () => macros('let _ = std::process::Command::new("sh").args(["-c", "sleep 300 & true"]).spawn();'),
    },
    { name: "a proc macro that ends the compiler", files: () => macros("std::process::exit(0);") },
    {
      name: "a proc macro that mends the sum in the tests' copy",
      files: () =>
        macros(`${each('"/w/src"', 'if let Ok(text) = std::fs::read_to_string(&path) { let _ = std::fs::write(&path, text.replace("#[test]", "")); }')}`),
    },
    {
      name: "a proc macro that fills the disk",
      files: () =>
        macros(
          'let part = vec![0u8; 1 << 20]; let mut all = Vec::new(); for number in 0..4096 { let path = format!("/tmp/fill-{number}"); if std::fs::write(&path, &part).is_err() { break; } all.push(path); }',
        ),
    },
  ],
};

const shown =
  (items: string): CaseTable["cases"][number]["files"] =>
  (at) =>
    at.top(items);

export const including: CaseTable = {
  kind: "takes other files in while it is compiled",
  base: "meter",
  cases: [
    { name: "the held-out tests in an error message", files: shown('compile_error!(include_str!("heldout.rs"));') },
    { name: "the held-out tests in a constant's panic", files: shown('const _: () = panic!("{}", include_str!("heldout.rs"));') },
    { name: "the held-out tests as a module of its own", files: shown('#[path = "heldout.rs"]\npub mod copy;') },
    { name: "the held-out tests as an array of the wrong length", files: shown('const HELD: [u8; 1] = *include_bytes!("heldout.rs");') },
    { name: "the tests' own file, by file!", files: shown('const OWN: &str = include_str!(concat!("../", file!()));\npub fn own() -> usize { OWN.len() }') },
    { name: "cargo's own records", files: shown('const SEEN: &str = include_str!("../target/.rustc_info.json");\npub fn seen() -> usize { SEEN.len() }') },
  ],
};
