// Honest repairs of the meter's sum, each written in another way.
import type { CaseTable, PatchCase } from "../case.ts";

const body = (code: string): string =>
  `/// The sum of all readings, in the unit of the first; none: zero watts.\npub fn total(readings: &[Reading]) -> Reading {\n${code}\n}`;
const unit = "    let unit = readings.first().map_or('W', |first| first.unit);\n";
const repair = (name: string, code: string, items = ""): PatchCase => ({ name, files: (at) => at.total(`${items}${items === "" ? "" : "\n"}${body(code)}`) });
const summed = (name: string, code: string, items = ""): PatchCase => repair(name, `${unit}${code}\n    Reading { unit, value }`, items);

export const solutions: CaseTable = {
  kind: "sums in another way",
  base: "meter",
  cases: [
    summed("a loop", "    let mut value = 0;\n    for reading in readings { value += reading.value; }"),
    summed("a while over indices", "    let (mut value, mut at) = (0, 0);\n    while at < readings.len() { value += readings[at].value; at += 1; }"),
    summed("a fold", "    let value = readings.iter().fold(0, |sum, reading| sum + reading.value);"),
    summed("a fold from the right", "    let value = readings.iter().rev().fold(0, |sum, reading| sum + reading.value);"),
    summed("a try_fold that checks", '    let value = readings.iter().try_fold(0i64, |sum, one| sum.checked_add(one.value)).expect("a sum that fits");'),
    summed("wrapping addition", "    let value = readings.iter().map(|one| one.value).fold(0, i64::wrapping_add);"),
    summed(
      "a wider number",
      "    let wide: i128 = readings.iter().map(|one| i128::from(one.value)).sum();\n    let value = i64::try_from(wide).unwrap_or(i64::MAX);",
    ),
    summed(
      "recursion over a slice",
      "    let value = sum_of(readings);",
      "fn sum_of(readings: &[Reading]) -> i64 {\n    match readings {\n        [] => 0,\n        [first, rest @ ..] => first.value + sum_of(rest),\n    }\n}",
    ),
    summed(
      "a labelled loop",
      "    let mut value = 0;\n    let mut rest = readings.iter();\n    'all: loop {\n        let Some(one) = rest.next() else { break 'all };\n        value += one.value;\n    }",
    ),
    summed("a scoped thread", "    let value = std::thread::scope(|scope| scope.spawn(|| readings.iter().map(|one| one.value).sum()).join().unwrap());"),
    summed(
      "two threads and a channel",
      "    let (sender, receiver) = std::sync::mpsc::channel();\n    let half = readings.len() / 2;\n    std::thread::scope(|scope| {\n        for part in [&readings[..half], &readings[half..]] {\n            let sender = sender.clone();\n            scope.spawn(move || sender.send(part.iter().map(|one| one.value).sum::<i64>()).unwrap());\n        }\n    });\n    drop(sender);\n    let value = receiver.iter().sum();",
    ),
    summed(
      "an atomic",
      "    let sum = std::sync::atomic::AtomicI64::new(0);\n    readings.iter().for_each(|one| { sum.fetch_add(one.value, std::sync::atomic::Ordering::Relaxed); });\n    let value = sum.into_inner();",
    ),
    summed(
      "a mutex",
      "    let sum = std::sync::Mutex::new(0);\n    for one in readings { *sum.lock().unwrap() += one.value; }\n    let value = sum.into_inner().unwrap();",
    ),
    summed(
      "a cell in a closure",
      "    let sum = std::cell::Cell::new(0);\n    readings.iter().for_each(|one| sum.set(sum.get() + one.value));\n    let value = sum.get();",
    ),
    summed("a boxed function", "    let of: Box<dyn Fn(&Reading) -> i64> = Box::new(|one| one.value);\n    let value = readings.iter().map(of).sum();"),
    summed(
      "a trait of its own",
      "    let value = readings.iter().map(Amount::amount).sum();",
      "trait Amount { fn amount(&self) -> i64; }\nimpl Amount for Reading { fn amount(&self) -> i64 { self.value } }",
    ),
    summed(
      "Sum, implemented",
      "    let Reading { value, .. } = readings.iter().copied().sum();",
      "impl std::iter::Sum for Reading {\n    fn sum<I: Iterator<Item = Reading>>(all: I) -> Reading {\n        all.fold(Reading { unit: 'W', value: 0 }, |sum, one| Reading { unit: sum.unit, value: sum.value + one.value })\n    }\n}",
    ),
    summed(
      "Add, implemented",
      "    let value = readings.iter().copied().reduce(|a, b| a + b).map_or(0, |sum| sum.value);",
      "impl std::ops::Add for Reading {\n    type Output = Reading;\n    fn add(self, other: Reading) -> Reading { Reading { unit: self.unit, value: self.value + other.value } }\n}",
    ),
    summed(
      "an iterator of its own",
      "    let value = Values(readings).sum();",
      "struct Values<'a>(&'a [Reading]);\nimpl Iterator for Values<'_> {\n    type Item = i64;\n    fn next(&mut self) -> Option<i64> {\n        let (first, rest) = self.0.split_first()?;\n        self.0 = rest;\n        Some(first.value)\n    }\n}",
    ),
    summed(
      "a generic function",
      "    let value = add_up(readings, |one| one.value);",
      "fn add_up<T, N: std::iter::Sum>(all: &[T], of: impl Fn(&T) -> N) -> N { all.iter().map(of).sum() }",
    ),
    summed(
      "a const function",
      "    let mut value = 0;\n    for one in readings { value = plus(value, one.value); }",
      "const fn plus(a: i64, b: i64) -> i64 { a + b }",
    ),
    summed(
      "a macro of its own",
      "    let value = summed!(readings, value);",
      "macro_rules! summed { ($all:expr, $field:ident) => { $all.iter().map(|one| one.$field).sum() }; }",
    ),
    summed(
      "a memo behind a OnceLock",
      "    let value = values(readings);",
      "fn values(readings: &[Reading]) -> i64 {\n    static CALLS: std::sync::OnceLock<std::sync::Mutex<u64>> = std::sync::OnceLock::new();\n    *CALLS.get_or_init(Default::default).lock().unwrap() += 1;\n    readings.iter().map(|one| one.value).sum()\n}",
    ),
    summed("an unwind that is caught", "    let value = std::panic::catch_unwind(|| readings.iter().map(|one| one.value).sum()).unwrap_or(0);"),
    summed(
      "a destructor that adds",
      "    let mut value = 0;\n    for one in readings { Adds { sum: &mut value, by: one.value }; }",
      "struct Adds<'a> { sum: &'a mut i64, by: i64 }\nimpl Drop for Adds<'_> { fn drop(&mut self) { *self.sum += self.by; } }",
    ),
    summed(
      "values sorted first",
      "    let mut all: Vec<i64> = readings.iter().map(|one| one.value).collect();\n    all.sort_unstable_by(|a, b| b.cmp(a));\n    let value = all.drain(..).sum();",
    ),
    summed(
      "a map by unit",
      "    let mut by_unit = std::collections::BTreeMap::new();\n    for one in readings { *by_unit.entry(one.unit).or_insert(0) += one.value; }\n    let value = by_unit.into_values().sum();",
    ),
    repair(
      "one expression",
      "    readings.iter().fold(Reading { unit: readings.first().map_or('W', |one| one.unit), value: 0 }, |sum, one| Reading { value: sum.value + one.value, ..sum })",
    ),
    repair(
      "a match on the slice",
      "    match readings {\n        [] => Reading { unit: 'W', value: 0 },\n        [first, ..] => Reading { unit: first.unit, value: readings.iter().map(|one| one.value).sum() },\n    }",
    ),
    repair(
      "a future that is polled once",
      "    use std::future::Future as _;\n    let work = std::pin::pin!(async { readings.iter().map(|one| one.value).sum() });\n    let mut context = std::task::Context::from_waker(std::task::Waker::noop());\n    match work.poll(&mut context) {\n        std::task::Poll::Ready(value) => Reading { unit: readings.first().map_or('W', |one| one.unit), value },\n        std::task::Poll::Pending => unreachable!(),\n    }",
    ),
  ],
};

export const manyTimes: CaseTable = {
  kind: "sums three thousand times",
  base: "long",
  cases: [summed("a loop", "    let mut value = 0;\n    for reading in readings { value += reading.value; }")],
};
