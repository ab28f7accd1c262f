// What `serve` says, event by event.
import { expect, it } from "vitest";
import { serveLine } from "../../../../src/cli/serve/text.ts";

it.each([
  [{ kind: "answers-already", name: "small" }, "small: its server answers already; it is left as it is"],
  [{ kind: "starting", name: "small", words: ["vllm", "serve"] }, "small: starting vllm serve"],
  [{ kind: "log", name: "small", line: "loaded" }, "[small] loaded"],
  [{ kind: "ready", name: "small", afterMs: 12_340, contextTokens: null }, "small: ready after 12.3 s"],
  [{ kind: "waiting" }, "stop it with Ctrl-C"],
  [{ kind: "stopped", name: "small" }, "small: its server is stopped"],
] as const)("serve tells %o in one line", (event, line) => expect(serveLine(event)).toBe(line));
