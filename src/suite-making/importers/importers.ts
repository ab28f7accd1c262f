// The importer of each shape.
import type { ShapeName } from "../../core/suite/shapes/shapes.ts";
import { exercismImporter } from "./exercism.ts";
import { harborImporter } from "./harbor.ts";
import type { Importer } from "./importer.ts";
import { sweBenchImporter } from "./swe-bench.ts";

export const IMPORTERS: Readonly<Record<ShapeName, Importer>> = {
  "swe-bench": sweBenchImporter,
  exercism: exercismImporter,
  harbor: harborImporter,
};
