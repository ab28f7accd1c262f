#!/bin/bash
# Scores what the agent left in /app by Bakeoff: loop and confirmation, hidden tests and guards. Nothing of /app is run outside of its sandbox.
set -uo pipefail

tests="${BAKEOFF_TESTS:-/tests}" app="${BAKEOFF_APP:-/app}" logs="${BAKEOFF_LOGS:-/logs/verifier}"
program="${BAKEOFF_PROGRAM:-/opt/bakeoff}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$logs" "$work/patches" "$work/diff/b"

# Paths in the diff are a/… and b/…, as everybody's are.
cp -R "$tests/broken" "$work/diff/a"
tar -C "$app" --exclude=./target --exclude=./.git -cf - . | tar -C "$work/diff/b" -xf -
[ -e "$work/diff/a/Cargo.lock" ] || rm -f "$work/diff/b/Cargo.lock"
(cd "$work/diff" && git -c core.quotepath=off diff --no-index --no-color --no-prefix --binary a b) >"$work/patches/$(cat "$tests/task").diff"
[ $? -le 1 ] || exit 1
cp "$work/patches/"*.diff "$logs/"

cp -R "$tests/suites" "$work/suites"
cd "$work" || exit 1
if ! node "$program/dist/main.js" score --suite ./suites/* --patches patches --agent harbor --json >"$logs/bakeoff.json" 2>"$logs/bakeoff.log"; then
  # Our own failure is nobody's: no reward is written, and Harbor counts an error.
  cat "$logs/bakeoff.log" >&2
  exit 1
fi
cp capsules/*.capsule.jsonl "$logs/"
node -e '
  const [trial] = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).trials;
  process.stdout.write(trial.slotVerdicts.at(-1) === "passed" ? "1\n" : "0\n");
' "$logs/bakeoff.json" >"$logs/reward.txt"
