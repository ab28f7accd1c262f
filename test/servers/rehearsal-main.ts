// A rehearsal server as a process of its own, for measurements that must not share a processor with what they measure.
import { createRandom } from "../../src/core/base/random.ts";
import { says, sendJson } from "./rehearsal-scenes.ts";
import { startRehearsalServer } from "./rehearsal-server.ts";

/** Milliseconds to the first text, drawn evenly from a range; texts, and milliseconds between them. */
const [least = "0", most = "0", texts = "5", betweenMs = "0"] = process.argv.slice(2);
const random = createRandom("rehearsal profile");
const content = Array.from({ length: Number(texts) }, () => "a");

const server = await startRehearsalServer({
  dialect: "sglang",
  models: ["m-1"],
  fallback: (stage) => says({ content, firstMs: Number(least) + (Number(most) - Number(least)) * random.next(), betweenMs: Number(betweenMs) })(stage),
});
let taken = 0;
/** What was played since the last time this was asked. */
server.rehearsePage("/rehearsal/played", ({ response }) => {
  sendJson(response, 200, server.played.slice(taken));
  taken = server.played.length;
});
process.stdout.write(`${server.endpoint}\n`);
