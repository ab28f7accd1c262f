// Generates text that looks like Rust, broken or not, for property tests.
import fc from "fast-check";

const pieces = [
  "{", "}", "(", ")", "[", "]", "#", "!", ";", ",", "::", "<", ">", ".", "..", "$", "\n", " ", "'", '"', "\\", "/*", "*/",
  "// c\n", "/// d\n", "r#", 'r#"', '"#', "mod", "tests", "fn", "pub", "use", "as", "unsafe", "cfg(test)", "#[cfg(test)]", "#[test]",
  "#[cfg(test)] mod tests {", "mod a {", "#[cfg(test)]\nmod tests;", "#[test] fn t() {", "assert_eq!(a, 1);", "assert!(x);", "1", "true",
  "'a", "'x'", '"s"', "0x1f", "1.5", "std::process", "macro_rules!", "include_str", "😀", "\u0000", "é", "assert_eq!(", "vec![1]",
];

/** Concatenated pieces of Rust. */
export const rustish = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(" "));
