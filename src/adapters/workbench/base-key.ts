// By what a prepared base is found again: whatever could make its build differ.
import { hashOf, type Sha256 } from "../../core/base/canonical.ts";
import { type CargoConfig, cargoConfig, NO_CARGO_CONFIG } from "../../core/suite/cargo-config.ts";
import type { Base } from "../../core/suite/suite.ts";
import { BASE_FORMAT } from "./base-meta.ts";
import { howBuilt } from "./cargo/cargo.ts";
import type { Variant } from "./layout.ts";
import type { HostToolchain } from "./cargo/toolchain.ts";

/** What of its own configuration a base is built with. */
export const configOf = ({ root, toolchain }: { readonly root: string; readonly toolchain: HostToolchain }, { tree }: Pick<Base, "tree">): CargoConfig =>
  cargoConfig(tree, { root, host: toolchain.host });

/** Content of tree, lock file and hidden list, toolchain, flags and format: whatever could make a build differ. */
export function baseKey(base: Base, variant: Variant, toolchain: HostToolchain, root: string): Sha256 {
  const config = cargoConfig(base.tree, { root, host: toolchain.host });
  return hashOf({
    format: BASE_FORMAT,
    // Bases without a configuration of their own keep the key that they had.
    ...(hashOf(config) === hashOf(NO_CARGO_CONFIG) ? {} : { config }),
    built: howBuilt(),
    variant,
    place: root,
    tree: base.digest,
    hidden: base.hidden,
    ...(base.contradictory === undefined ? {} : { contradictory: base.contradictory }),
    rustc: toolchain.verbose,
    cargo: toolchain.cargo,
  });
}
