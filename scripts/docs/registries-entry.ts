// What the reference is written from: the program's registries and schemas, by the names that the pages' makers know.
export { flagName } from "../../src/cli/command.ts";
export { COMMANDS } from "../../src/cli/commands.ts";
export { EXIT } from "../../src/cli/text/exit-codes.ts";
export { capsuleJsonSchema } from "../../src/core/capsule/json-schema.ts";
export { POLICY_DEFAULTS } from "../../src/core/policy/defaults.ts";
export { jsonSchemas } from "../../src/core/policy/json-schema.ts";
export { POLICY_KEYS, POLICY_READERS } from "../../src/core/policy/keys.ts";
export { suiteJsonSchemas } from "../../src/core/suite/json-schema.ts";
