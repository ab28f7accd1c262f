// What every peer's scorer does with an answer: lays it into a folder, runs cargo there, and believes its exit status.
// PEERS_REPAIRS: a file with the repairs; PEERS_FOLDER: the warm folder; PEERS_COPY: "1" copies it for each sample.
const { spawnSync } = require("node:child_process");
const { readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const repairs = new Map(JSON.parse(readFileSync(process.env.PEERS_REPAIRS, "utf8")).map((repair) => [repair.id, repair]));
const warm = process.env.PEERS_FOLDER;
let copies = 0;

/** True where `cargo test` ends with 0 over the broken file with these edits. */
function score(id, answer) {
  const { path, broken, clean } = repairs.get(id);
  let text = broken;
  for (const { search, replace } of JSON.parse(answer).edits) text = text.split(search).join(replace);
  const folder = process.env.PEERS_COPY === "1" ? copied() : warm;
  writeFileSync(join(folder, path), text);
  const { status } = spawnSync("cargo", ["test", "--offline", "--quiet", "--workspace", "--lib", "--tests"], { cwd: folder, stdio: "ignore" });
  if (folder === warm) writeFileSync(join(folder, path), clean);
  else rmSync(folder, { recursive: true, force: true });
  return status === 0;
}

function copied() {
  const folder = `${warm}-${process.pid}-${(copies += 1)}`;
  spawnSync("cp", ["-a", warm, folder]);
  return folder;
}

module.exports = { score, repairs };
