import { describe, expect, it } from "vitest";
import { mergeMessage } from "../../../../../../src/core/suite/making/commits/merge-message.ts";

describe("mergeMessage", () => {
  it.each([
    ["Merge pull request #7 from x/pr\n\nSplit on white space\n\nMore.", "Split on white space\n\nMore."],
    ["Auto merge of #12 - x:pr, r=y\n\nFix it", "Fix it"],
    ["Land the parser", "Land the parser"],
    ["Merge sorted runs faster", "Merge sorted runs faster"],
  ])("is what a person wrote: %j", (message, said) => expect(mergeMessage(message, ["a"])).toBe(said));

  it.each(["Merge branch 'pr'", "Merge branch 'pr' into main\n", "Merge remote-tracking branch 'origin/pr'", "Merge pull request #7 from x/pr"])(
    "is what the commits say, the oldest first, where %j says nothing",
    (message) => expect(mergeMessage(message, ["Test it\n", "Fix it", ""])).toBe("Fix it\n\nTest it"),
  );
});
