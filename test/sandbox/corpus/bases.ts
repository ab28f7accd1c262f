// The bases that the corpora's patches are made for: the buggy meter, and variants of it that open other ways in.
import { type Task, treeDigest } from "../../../src/core/suite/suite.ts";
import { fixtureBase, fixtureTask } from "../fixture-task.ts";
import { meterTask } from "../meter-patches.ts";

const RAW = `//! Reads a number out of bytes.

/// The first eight bytes as a number; zero if there are fewer.
pub fn first(bytes: &[u8]) -> u64 {
    if bytes.len() < 8 {
        return 0;
    }
    // SAFETY: at least eight bytes lie there.
    unsafe { bytes.as_ptr().cast::<u64>().read_unaligned() }
}
`;

const CHECK = `//! What tests compare with.

/// Panics unless both are equal.
pub fn same<T: PartialEq + std::fmt::Debug>(seen: T, wanted: T) {
    assert_eq!(seen, wanted);
}
`;

const MANY = `
#[test]
fn adds_one_to_each_of_many() {
    for value in 0..3000 {
        assert_eq!(total(&[Reading { unit: 'A', value }, Reading { unit: 'A', value: 7 }]), Reading { unit: 'A', value: value + 7 });
    }
}
`;

const MACROS = `//! Names at compile time.
use proc_macro::TokenStream;

/// The text in capitals.
#[proc_macro]
pub fn capitals(input: TokenStream) -> TokenStream {
    format!("{:?}", input.to_string().to_uppercase()).parse().unwrap()
}
`;

const MACROS_MANIFEST = '[package]\nname = "macros"\nversion = "0.1.0"\nedition = "2021"\npublish = false\n\n[lib]\nproc-macro = true\ndoctest = false\n';
const MACROS_LOCK = '[[package]]\nname = "macros"\nversion = "0.1.0"\n\n';

const WITH_MACRO = { "macros/src/lib.rs": MACROS, "macros/Cargo.toml": MACROS_MANIFEST };
const withName = (lib: string): string =>
  lib.replace("pub mod unit;\n", "pub mod unit;\n\n/// How the meter is called.\npub const NAME: &str = macros::capitals!(meter);\n");
const NAME_TEST = '    #[test]\n    fn is_called_so() {\n        assert_eq!(NAME, "METER");\n    }\n\n';

/** By name: the task whose patches are tried on it. */
export const CORPUS_BASES = {
  /** No unsafe code, no macros of its own. */
  meter: () => meterTaskOver({}),
  /** Holds unsafe code already, so that a patch may bring more. */
  raw: () => meterTaskOver({ "src/raw.rs": RAW }, (lib) => lib.replace("pub mod unit;", "pub mod raw;\npub mod unit;")),
  /** Its tests compare by a function in a file that a patch may change. */
  helpers: () =>
    meterTaskOver(
      { "src/check.rs": CHECK },
      (lib) => lib.replace("pub mod unit;", "pub mod check;\npub mod unit;").replaceAll(/assert_eq!\((total\([^;]*)\);/g, "crate::check::same($1);"),
      (held) => held.replaceAll("assert_eq!(", "crate::check::same("),
    ),
  /** A held-out test asks it more often than answers are told one by one. */
  long: () => meterTaskOver({}, same, (held) => `${held}${MANY}`),
  /** Has a proc macro that a patch may change. */
  macros: () => meterTaskOver(WITH_MACRO, withName),
  /** Its task is about that proc macro. */
  macro: async () => {
    const { base, editable } = await meterTaskOver(WITH_MACRO, (lib) => withName(lib).replace("    #[test]\n", `${NAME_TEST}    #[test]\n`));
    return fixtureTask(base, [{ path: "macros/src/lib.rs", search: "to_uppercase", replace: "to_lowercase" }], { test_timeout_s: 3, editable });
  },
  /** Nothing is held out there. */
  open: async () => {
    const { base } = await meterTaskOver({}, (lib) => lib.replace("#[cfg(test)]\nmod heldout;\n\n", ""));
    const tree = new Map([...base.tree].filter(([path]) => path !== "src/heldout.rs"));
    return meterTask({ ...base, tree, digest: treeDigest(tree), hidden: [] }, { test_timeout_s: 3, editable: ["src/**", "gauge/src/**"] });
  },
} as const satisfies Readonly<Record<string, () => Promise<Task>>>;

export type BaseName = keyof typeof CORPUS_BASES;

const same = (text: string): string => text;

async function meterTaskOver(files: Readonly<Record<string, string>>, lib = same, heldOut = same): Promise<Task> {
  const plain = await fixtureBase("meter");
  const text = (path: string): string => String(plain.tree.get(path));
  const hasMacros = "macros/Cargo.toml" in files;
  const manifest = hasMacros
    ? `${text("Cargo.toml").replace('["gauge"]', '["gauge", "macros"]')}\n[dependencies]\nmacros = { path = "macros" }\n`
    : text("Cargo.toml");
  const lock = hasMacros
    ? text("Cargo.lock").replace(
        '[[package]]\nname = "meter"\nversion = "0.1.0"\n',
        `${MACROS_LOCK}[[package]]\nname = "meter"\nversion = "0.1.0"\ndependencies = [\n "macros",\n]\n`,
      )
    : text("Cargo.lock");
  const changed = { "src/lib.rs": lib(text("src/lib.rs")), "src/heldout.rs": heldOut(text("src/heldout.rs")), "Cargo.toml": manifest, "Cargo.lock": lock };
  return meterTask(await fixtureBase("meter", { ...changed, ...files }), {
    test_timeout_s: 3,
    editable: ["src/**", "gauge/src/**", ...(hasMacros ? ["macros/src/**"] : [])],
  });
}
