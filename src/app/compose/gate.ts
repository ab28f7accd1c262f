// Builds what gates and promotions reach the world through.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkCapsule } from "../../adapters/capsules/check.ts";
import { glanceCapsule } from "../../adapters/capsules/file.ts";
import { createKeyFile, loadSigningKey } from "../../adapters/capsules/key-files.ts";
import { diskTexts } from "../../adapters/files/text-files.ts";
import { readGoldenFolder } from "../../adapters/policies/golden-files.ts";
import { loadPolicyFiles, readPolicy } from "../../adapters/policies/policy-files.ts";
import { findSuite, loadSuite } from "../../adapters/suites/suite-files.ts";
import { clock } from "../compose.ts";
import type { GatePorts } from "../gate/decide.ts";
import type { PromotePorts } from "../gate/promotion.ts";
import type { RecordPorts } from "../gate/record.ts";
import type { RegisterPorts } from "../gate/registration.ts";
import { capsulesFolder, packageVersion, reportsFolder, shippedPolicy, suiteFolders } from "../places.ts";

export const composeGate = (): GatePorts & RecordPorts & RegisterPorts & PromotePorts => ({
  clock,
  keys: { load: loadSigningKey, create: createKeyFile },
  texts: diskTexts,
  policies: { read: readPolicy, load: loadPolicyFiles },
  golden: (policyFile) => readGoldenFolder(policyFile, shippedPolicy()),
  suite: async (nameOrFolder) => loadSuite(await findSuite(nameOrFolder, suiteFolders())),
  capsules: {
    folder: capsulesFolder(),
    list: () => readdir(capsulesFolder()).catch(() => []),
    glance: glanceCapsule,
    check: (path, onlooker) => checkCapsule(path, [], onlooker),
    shown: diskTexts.shown,
  },
  gatesFolder: join(reportsFolder(), "gates"),
  version: packageVersion(),
});
