// Figures as text.
import { describe, expect, it } from "vitest";
import { emptyEstimate, wilson } from "../../../../src/core/metrics/statistics/interval.ts";
import { counted, millisecondsText, oneLine, percent, rateText } from "../../../../src/core/report/format.ts";
import { fixed, milliseconds, usdText } from "../../../../src/core/text/figures.ts";

describe("a rate", () => {
  it("is written with its interval and its n", () => {
    expect(rateText(wilson(47, 48))).toBe("97.9% [89–100] n=48");
  });

  it("is a dash where there is nothing to measure", () => {
    expect(rateText(emptyEstimate("wilson"))).toBe("–");
  });

  it("is never rounded to none or all", () => {
    expect([percent(0.0001), percent(0.9999), percent(0), percent(1)]).toEqual(["<0.1%", ">99.9%", "0.0%", "100.0%"]);
  });

  it("keeps one decimal", () => {
    expect([percent(1 / 3), percent(0.0006), percent(0.999)]).toEqual(["33.3%", "0.1%", "99.9%"]);
  });
});

describe("a number", () => {
  it("is never a negative zero", () => {
    expect([fixed(-0, 1), fixed(-0.01, 1), fixed(-0.4, 0), fixed(-0.2, 1)]).toEqual(["0.0", "0.0", "0", "-0.2"]);
  });

  it("has no thousands separators", () => {
    expect(fixed(1234567.5, 1)).toBe("1234567.5");
  });

  it("agrees with its noun", () => {
    expect([counted(0, "task"), counted(1, "task"), counted(2, "task")]).toEqual(["0 tasks", "1 task", "2 tasks"]);
  });
});

describe("milliseconds", () => {
  it("are whole from ten on", () => {
    expect([milliseconds(4.25), milliseconds(9.96), milliseconds(412.4)]).toEqual(["4.3", "10", "412"]);
  });

  it("mark a bound that the samples are too few for", () => {
    expect(millisecondsText({ value: 400, low: 380, high: null, n: 7, method: "order-statistics" })).toBe("400 [380–?] n=7");
  });

  it("are a dash without samples", () => {
    expect(millisecondsText(emptyEstimate("order-statistics"))).toBe("–");
  });
});

describe("dollars", () => {
  it("are unknown rather than zero", () => {
    expect([usdText(null), usdText(0), usdText(0.12345), usdText(0.00001)]).toEqual(["unknown", "$0", "$0.1235", "<$0.0001"]);
  });
});

describe("text of a capsule", () => {
  it("can't break a line or command a terminal", () => {
    expect(oneLine(" a\n b\u001B[2J\u202Ec\u2028d ")).toBe("a b [2J c d");
  });
});
