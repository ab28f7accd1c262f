// The run that the crash tests begin, kill and go on with.
import { taskNamed } from "../unit/run/fakes.ts";

export const crashSketch = { tasks: [taskNamed("a"), taskNamed("b", { risk: "high" }), taskNamed("c")], candidates: ["small", "other"], epochs: 4 };
