// The flags of `bakeoff serve`.
import { type OptionsOf, text, value } from "../command.ts";
import { policy, whole } from "../options.ts";

export const serveFlags = {
  checkpoint: text("<id|dir>", "what stands where the start line has <…>"),
  readyTimeout: value("<s>", "seconds that loading may take", whole(1, 86_400), 1200),
  policy,
};

export type ServeOptions = OptionsOf<typeof serveFlags>;
