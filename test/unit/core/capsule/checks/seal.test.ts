// Checks of the seal: that it is there, unchanged, of this run, and over exactly these lines.
import { describe, expect, it } from "vitest";
import { merkleRoot, sha256 } from "../../../../../src/core/base/canonical.ts";
import { lineText, type Seal } from "../../../../../src/core/capsule/line.ts";
import { headerOf, taskNamed } from "../../../run/fakes.ts";
import { faultOf, plainLine, sealOf } from "../sealed.ts";

const header = headerOf({ tasks: [taskNamed("a")], candidates: ["small"] });
const events = [0, 1, 2].map((seq) => plainLine(null, seq));
const seal = sealOf(header, { merkle_root: merkleRoot(events.map(lineText)), header_hash: sha256(lineText(header)), events: 3, blobs: 2 });
const texts = [{ sha256: "1".repeat(64), text: "a" }];
const withheld = [{ sha256: "2".repeat(64) }];

describe("a seal", () => {
  it("is the last line", () => {
    expect(faultOf("sealed", header, { seal })).toBeNull();
    expect(faultOf("sealed", header, {})).toBe("it is not sealed: the run did not finish, or its end is missing");
  });

  it("is unchanged, and belongs to its run by id, suite and policy", () => {
    expect(faultOf("seal-whole", header, { seal })).toBeNull();
    expect(faultOf("seal-whole", header, { seal: { ...seal, events: 4 } })).toBe("the seal was changed");
    for (const other of [{ run_id: "run-2" }, { suite_root: "9".repeat(64) }, { policy_hash: "9".repeat(64) }])
      expect(faultOf("seal-whole", header, { seal: sealOf(header, other) })).toBe("the seal belongs to another run");
    expect(faultOf("seal-whole", header, {})).toBeNull();
  });

  it("is over these events and this header", () => {
    expect(faultOf("merkle-root", header, { events, seal })).toBeNull();
    expect(faultOf("merkle-root", header, { events: events.slice(1), seal })).toBe("the events are not those that were sealed");
    expect(faultOf("merkle-root", header, { events })).toBeNull();
    expect(faultOf("header-hash", header, { seal })).toBeNull();
    expect(faultOf("header-hash", { ...header, seed: 99 }, { seal })).toBe("the header is not the one that was sealed");
    expect(faultOf("header-hash", header, {})).toBeNull();
  });

  it("counts the events and the texts, with those that an export left out", () => {
    const fault = (change: Partial<Seal>) => faultOf("counts", header, { events, texts, withheld, seal: { ...seal, ...change } });
    expect(fault({})).toBeNull();
    expect(fault({ events: 4 })).toBe("the seal counts 4 events and 2 texts, the file holds 3 and 2");
    expect(fault({ blobs: 1 })).toBe("the seal counts 3 events and 1 texts, the file holds 3 and 2");
    expect(faultOf("counts", header, { events })).toBeNull();
  });
});
