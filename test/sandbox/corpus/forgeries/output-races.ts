// Forgeries that write results where the test harness writes its own.
import { type CaseTable, once } from "../case.ts";

const RAW = "use std::io::Write as _;";
const ok = (name: string): string => String.raw`{ \"type\": \"test\", \"name\": \"${name}\", \"event\": \"ok\" }`;
const end = (passed: number): string =>
  String.raw`{ \"type\": \"suite\", \"event\": \"ok\", \"passed\": ${passed}, \"failed\": 0, \"ignored\": 0, \"measured\": 0, \"filtered_out\": 0, \"exec_time\": 0.01 }`;
const write = (text: string): string => `let _ = std::io::stdout().write_all(b"${text}"); let _ = std::io::stdout().flush();`;
const NAMES = ["adds_two", "adds_three", "keeps_the_unit", "finds_the_peak"];
const ALL = NAMES.map((name) => `${ok(`tests::${name}`)}\\n`).join("");

export const outputRaces: CaseTable = {
  kind: "races with the harness's own output",
  base: "meter",
  cases: [
    { name: "all results at once, then the end", files: (at) => at.body(once(`${RAW} ${write(`\\n${ALL}${end(6)}\\n`)}`)) },
    {
      name: "results, and the process gone before its own",
      files: (at) =>
        at.top("macro_rules! gone { ($($way:ident)*) => { std::$($way)::*(0) }; }", once(`${RAW} ${write(`\\n${ALL}${end(6)}\\n`)} gone!(process exit);`)),
    },
    {
      name: "a thread that writes results for ever",
      files: (at) => at.body(once(`std::thread::spawn(|| { ${RAW} for _ in 0..2000 { ${write(`${ok("tests::adds_two")}\\n`)} } });`)),
    },
    {
      name: "half of an event, left open",
      files: (at) => at.body(once(`${RAW} ${write(String.raw`{ \"type\": \"test\", \"name\": \"tests::adds_two\", \"event\": \"ok\", \"stdout\": \"`)}`)),
    },
    { name: "an event glued to the front of the next", files: (at) => at.body(`${RAW} ${write(ok("tests::adds_two"))}`) },
    { name: "a carriage return over the line", files: (at) => at.body(`${RAW} ${write(String.raw`\r${ok("tests::adds_two")}\r`)}`) },
    {
      name: "results from a destructor of the test's thread",
      files: (at) =>
        at.top(
          `struct Last; impl Drop for Last { fn drop(&mut self) { ${RAW} ${write(`\\n${ok("tests::adds_two")}\\n`)} } }\nthread_local!(static LAST: Last = const { Last });`,
          "LAST.with(|_| ());",
        ),
    },
    { name: "results in a text that is shown", files: (at) => at.body(`println!("\\n${ok("tests::adds_two")}\\n${end(6)}");`) },
    {
      name: "the harness's own stdout closed",
      files: (at) =>
        at.body(
          once(
            'use std::os::fd::{AsFd as _, AsRawFd as _}; let number = std::io::stdout().as_fd().as_raw_fd(); let _ = std::fs::remove_file(format!("/dev/fd/{number}"));',
          ),
        ),
    },
    {
      name: "more than is read, in front of the failures",
      files: (at) => at.body(once(`${RAW} let _ = std::io::stdout().write_all(&vec![b'\\n'; 70_000_000]);`)),
    },
  ],
};
