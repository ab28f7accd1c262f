// Builds what `compare` reaches the world through.
import { readCapsule } from "../../adapters/capsules/file.ts";
import { diskTexts } from "../../adapters/files/text-files.ts";
import type { CompareResultsPorts } from "../compare/compare.ts";
import type { Places } from "../places.ts";

export const composeCompare = (places: Places): CompareResultsPorts => ({ capsules: { read: readCapsule }, texts: diskTexts, places });
