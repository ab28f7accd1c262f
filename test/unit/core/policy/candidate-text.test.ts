// candidates.toml with an entry more or less: what else stands there stays, byte for byte.
import { describe, expect, it } from "vitest";
import { withCandidate, withoutCandidate } from "../../../../src/core/policy/candidate/text.ts";

const ENTRY = { name: "mine", provider: "vllm", model: 'a "quoted" model', endpoint: "http://gpu:1/v1", maxOutputTokens: 512, start: "serve it" };
const FIRST = '# The first.\n[[candidate]]\nname = "first"\nprovider = "sglang"\n';
const HEAD = "# All of them.\nformat = 1\n";

describe("an entry more", () => {
  it("comes last, after an empty line, with what servers are asked for by default", () => {
    expect(withCandidate(`${HEAD}\n\n`, ENTRY)).toBe(`${HEAD}
[[candidate]]
name = "mine"
provider = "vllm"
model = "a \\"quoted\\" model"
endpoint = "http://gpu:1/v1"
temperature = 0.0
max_output_tokens = 512
answer_format = "edits"
start = "serve it"
`);
  });
});

describe("an entry less", () => {
  it("takes its comments along and leaves the others with theirs", () => {
    const second = '# The second.\n# It is new.\n[[candidate]]\nname = "second"\n';
    expect(withoutCandidate(`${HEAD}\n${FIRST}\n${second}`, "second")).toBe(`${HEAD}\n${FIRST}`);
    expect(withoutCandidate(`${HEAD}\n${FIRST}\n${second}`, "first")).toBe(`${HEAD}\n${second}`);
  });

  it("is what was added, whatever is in its name and however that is quoted", () => {
    for (const name of ["mine", "qwen2.5+coder (32b)", "$1"])
      expect(withoutCandidate(withCandidate(`${HEAD}\n${FIRST}`, { ...ENTRY, name }), name)).toBe(`${HEAD}\n${FIRST}`);
    expect(withoutCandidate(`${HEAD}\n[[candidate]]\nname='single'\n`, "single")).toBe(HEAD);
  });

  it.each(["fir", "first2", "f.rst", "sglang", "All"])("is refused where no entry has the name: %s", (name) => {
    const refused = { code: "usage", message: `candidates.toml has no entry ${name}`, hint: "bakeoff candidate list names them" };
    expect(() => withoutCandidate(`${HEAD}\n${FIRST}`, name)).toThrow(expect.objectContaining(refused));
  });

  it("is no other table that has such a name", () => {
    const other = '[elsewhere]\nname = "second"\n';
    expect(() => withoutCandidate(`${HEAD}\n${other}`, "second")).toThrow("no entry second");
    expect(withoutCandidate(`${other}\n${FIRST}\n[[candidate]]\nname = "second"\n`, "second")).toBe(`${other}\n${FIRST}`);
  });
});
