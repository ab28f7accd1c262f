// The flags of `bakeoff view`.
import { type OptionsOf, text, toggle, value } from "../command.ts";
import { whole } from "../options.ts";

export const viewFlags = {
  export: text("<dir>", "write the pages as files that work from disk, and end"),
  port: value("<n>", "port of 127.0.0.1 to listen on (default: any that is free)", whole(1, 65_535)),
  addressOnly: toggle("only print the address: open no browser, even on a terminal"),
};

export type ViewOptions = OptionsOf<typeof viewFlags>;
