// The licences of the packages whose code lies in the built program, as these want to be handed on.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const NAMED = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** `inputs`: the files that were bundled. Throws where a package names no licence. */
export async function licencesOf(inputs) {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const parts = await Promise.all([...folders].toSorted().map(licenceOf));
  return `Packages whose code is part of this program, with their licences.\n\n${parts.join("\n")}`;
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  if (typeof license !== "string") throw new Error(`${folder} names no licence`);
  const files = (await readdir(folder)).filter((file) => NAMED.test(file)).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`## ${name} ${version} (${license})`, ...texts.map((text) => text.trim()), ""].join("\n\n");
}
