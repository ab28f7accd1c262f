// docs/reference: pages that are written from the program's registries and schemas.
import { cliPages } from "./reference-cli.mjs";
import { schemaPages } from "./reference-schemas.mjs";
import { loadRegistries } from "./registries.mjs";

/** `{files, issues}`. */
export async function referenceFiles(root) {
  const registries = await loadRegistries();
  const { files, issues } = schemaPages(registries, root);
  return { files: [...cliPages(registries, root), ...files], issues };
}
