// The flags of `bakeoff doctor`.
import { type OptionsOf, value } from "../command.ts";
import { json, policy, whole } from "../options.ts";

export const doctorFlags = {
  policy,
  prune: value("<days>", "remove prepared bases that were not used for so many days (0: all)", whole(0, 10_000)),
  json,
};

export type DoctorOptions = OptionsOf<typeof doctorFlags>;
