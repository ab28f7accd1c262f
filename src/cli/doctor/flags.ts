// The words of `bakeoff doctor`.
import { command, type OptionsOf, value } from "../command.ts";
import { json, policy, whole } from "../options.ts";

const flags = {
  policy,
  prune: value("<days>", "remove prepared bases that were not used for so many days (0: all)", whole(0, 10_000)),
  json,
};

export type DoctorOptions = OptionsOf<typeof flags>;

export const doctorCommand = command({
  does: "what is there, what is missing, how to get it",
  flags,
  example: "bakeoff doctor --prune 14",
  run: async (options) => (await import("./action.ts")).doctor(options),
});
