// Builds what the policy's use cases reach the world through.
import { openCapsule } from "../../adapters/capsules/reader.ts";
import { createKeyFile, loadSigningKey } from "../../adapters/capsules/key-files.ts";
import { readGoldenFolder } from "../../adapters/policies/golden-files.ts";
import { loadPolicyFiles, readPolicy } from "../../adapters/policies/policy-files.ts";
import type { Places } from "../places.ts";
import { suiteLoader } from "./parts/suites.ts";
import type { BumpPorts } from "../policy/bump.ts";
import type { DiffPorts } from "../policy/diff.ts";
import type { PolicyShowPorts } from "../policy/show.ts";
import type { PolicySignPorts } from "../policy/sign.ts";
import type { ScenarioPorts } from "../policy/scenario.ts";
import type { SnapshotPorts } from "../policy/snapshot.ts";
import type { ValidatePorts } from "../policy/validate.ts";
import { gitRevisions } from "./parts/revisions.ts";
import { clock } from "./parts/system.ts";
import { homeTexts } from "./parts/texts.ts";

export function composePolicy(places: Places): ValidatePorts & PolicyShowPorts & SnapshotPorts & DiffPorts & BumpPorts & PolicySignPorts & ScenarioPorts {
  const { shippedPolicy, suiteFolders } = places;
  return {
    clock,
    capsules: { open: openCapsule },
    places,
    keys: { load: loadSigningKey, create: createKeyFile },
    texts: homeTexts(places),
    policies: { read: readPolicy, load: loadPolicyFiles },
    golden: (policyFile) => readGoldenFolder(policyFile, shippedPolicy),
    loadSuite: suiteLoader(suiteFolders),
    revisions: gitRevisions,
  };
}
