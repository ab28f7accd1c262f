// Who makes which call: by group, by room, and once.
import { describe, expect, it } from "vitest";
import { type AskedCall, CallDesk } from "../../../../src/app/queue/call-desk.ts";
import type { CoordinatorMessage } from "../../../../src/app/queue/messages.ts";

function desk() {
  const sent: { readonly worker: string; readonly say: string; readonly trial: string; readonly token: string }[] = [];
  const kept: string[] = [];
  const doing: Promise<void>[] = [];
  let tokens = 0;
  const made = new CallDesk({
    newToken: () => `t${(tokens += 1)}`,
    keepLease: async (trial, token) => void kept.push(`${trial} ${token}`),
    send: (worker, message: CoordinatorMessage) => {
      if (message.say === "call" || message.say === "fenced") sent.push({ worker, say: message.say, trial: message.trial, token: message.token });
    },
    mind: (promise) => void doing.push(promise),
  });
  const settled = async () => {
    await Promise.all(doing);
    return sent.splice(0).map(({ worker, say, trial }) => `${worker} ${say} ${trial}`);
  };
  return { made, kept, sent, settled };
}

const asked = (trial: string, group: string, call = 0): AskedCall => ({
  trial,
  group,
  index: 3,
  call,
  provider: "cloud",
  request: { purpose: "patch", model: "m", messages: [], schema: null, timeoutMs: 1 },
});

describe("calls that are given to workers", () => {
  it("wait until somebody makes calls, then go out under leases that are kept before", async () => {
    const { made, kept, settled } = desk();
    made.ask(asked("a", "g"));
    expect([await settled(), made.isStuck]).toEqual([[], true]);
    made.join("w1", 2);
    expect([await settled(), made.isStuck, kept]).toEqual([["w1 call a"], false, ["a t1"]]);
  });
  it("are made one group at one worker, however busy that is; groups spread", async () => {
    const { made, settled } = desk();
    made.join("w1", 1);
    made.join("w2", 2);
    for (const [trial, group] of ["a1 a", "a2 a", "b1 b", "b2 b"].map((text) => text.split(" ") as [string, string])) made.ask(asked(trial, group));
    expect(await settled()).toEqual(["w1 call a1", "w2 call b1", "w2 call b2"]);
    expect(made.came("b1", "t2", { index: 3, call: 0 })).toBe(true);
    expect(await settled()).toEqual([]);
    expect(made.came("a1", "t1", { index: 3, call: 0 })).toBe(true);
    expect(await settled()).toEqual(["w1 call a2"]);
  });
  it("of groups that found no room go to whoever has room first, and take their group there", async () => {
    const { made, settled } = desk();
    made.join("w1", 1);
    for (const [trial, group] of ["a1 a", "b1 b", "b2 b", "c1 c"].map((text) => text.split(" ") as [string, string])) made.ask(asked(trial, group));
    expect(await settled()).toEqual(["w1 call a1"]);
    made.join("w2", 3);
    expect(await settled()).toEqual(["w2 call b1", "w2 call b2", "w2 call c1"]);
  });
  it("that are asked for again are told again, under the same lease", async () => {
    const { made, sent, settled } = desk();
    made.join("w1", 1);
    made.ask(asked("a", "g"));
    await settled();
    made.ask(asked("a", "g"));
    expect(sent.map(({ token }) => token)).toEqual(["t1"]);
  });
  it("of a worker that is lost are made by another, and its late reply is nobody's", async () => {
    const { made, settled } = desk();
    made.join("w1", 1);
    made.ask(asked("a1", "a"));
    made.ask(asked("a2", "a"));
    await settled();
    made.join("w2", 2);
    made.lose("w1");
    expect(await settled()).toEqual(["w2 call a1", "w2 call a2"]);
    expect([made.isOf("a1", "t1"), made.isOf("a1", "t2")]).toEqual([false, true]);
  });
  it("that a draining worker gives back go elsewhere, and so does what waited for it", async () => {
    const { made, settled } = desk();
    made.join("w1", 2);
    for (const trial of ["a1", "a2", "a3"]) made.ask(asked(trial, "a"));
    await settled();
    expect([made.refuse("a2", "t9"), made.refuse("a2", "t2")]).toEqual([false, true]);
    expect([await settled(), made.isStuck]).toEqual([[], true]);
    made.join("w2", 5);
    expect(await settled()).toEqual(["w2 call a2", "w2 call a3"]);
    expect(made.isOf("a1", "t1")).toBe(true);
  });
  it("whose reply came by an earlier lease are taken back from whoever was asked since", async () => {
    const { made, settled } = desk();
    made.join("w1", 1);
    made.ask(asked("a", "g"));
    await settled();
    expect(made.came("a", "of an earlier coordinator", { index: 3, call: 0 })).toBe(true);
    expect(await settled()).toEqual(["w1 fenced a"]);
    made.ask(asked("b", "h"));
    expect(await settled()).toEqual(["w1 call b"]);
  });
  it("give way to the trial's next call, and end with the trial", async () => {
    const { made, settled } = desk();
    made.join("w1", 1);
    made.ask(asked("a", "g"));
    await settled();
    made.ask(asked("a", "g", 1));
    expect(await settled()).toEqual(["w1 fenced a", "w1 call a"]);
    made.drop("a");
    expect([await settled(), made.came("a", "t2", { index: 3, call: 1 })]).toEqual([["w1 fenced a"], false]);
  });
});
