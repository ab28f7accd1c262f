// Patterns that may redact, and addresses that are of this machine.
import { describe, expect, it } from "vitest";
import { daysBetween } from "../../../../src/core/policy/day.ts";
import { isLocalHost, isLoopback } from "../../../../src/core/policy/candidate/host.ts";
import { patternFault } from "../../../../src/core/policy/pattern.ts";

describe("a redaction pattern", () => {
  for (const pattern of [
    "sk-[A-Za-z0-9]{20,}",
    String.raw`\bAKIA[0-9A-Z]{16}\b`,
    "(foo|bar)[0-9]",
    "a+b+c+",
    String.raw`[(+*]+x`,
    String.raw`\(a+\)+x`,
    "(?:ab){3}",
    "(a{2}){3}",
    "(a{2}){30}b",
    "(a+)x(b)+",
    "(a|b)x(c)+",
    String.raw`([0-9]{1,3}\.){3}[0-9]{1,3}`,
    "(?:a|b){4}c",
    "(?:a)(?:b)(?:c)(?:d)(?:e)(?:f)(?:g)(?:h)(?:i)(?:j)(?:k)(?:l)",
    "a{1,20}b{1,20}c{1,20}d{1,20}",
    "a+?b*?c{2,}?d",
    "x[?*+{1,9}]{4}",
    "a?b?c?d?e?f?g?h?i?j?k",
  ])
    it(`may be ${pattern}`, () => expect(patternFault(pattern)).toBeNull());

  const REFUSED: readonly [string, RegExp][] = [
    ["(", /not a regular expression/],
    [String.raw`\p{Nope}`, /not a regular expression/],
    ["a*", /matches the empty text/],
    ["", /matches the empty text/],
    ["(a+)+b", /repeated group/],
    ["(a|aa)+b", /repeated group/],
    ["((a{1,50})x?)*b", /repeated group/],
    ["(?:(a+)b){21,}c", /repeated group/],
    ["(a+){30}b", /repeated group/],
    // Each of these takes seconds on thirty characters.
    ["((a|aa))+b", /repeated group/],
    ["(a{1,2})+b", /repeated group/],
    ["(a?a)+b", /repeated group/],
    ["(a{1,2}){20}b", /repeated group/],
    ["(a|aa){5}b", /repeated group/],
    ["(x(a?)y)*z", /repeated group/],
    ["(a+(b)c)+d", /repeated group/],
    ["((a)?b)+c", /repeated group/],
    ["(?:(?:a|b)c)+", /repeated group/],
    ["a?b?c?d?e?f?g?h?i?j?k?l", /more than 10 repeats of no fixed number/],
    ["a{1,21}b{1,21}c{2,}d*e", /more than 3 unbounded repeats/],
    [String.raw`(a)\1`, /back-references/],
    [String.raw`(?<n>a)\k<n>`, /back-references/],
    ["a+b+c+d+e", /more than 3 unbounded repeats/],
  ];
  for (const [pattern, fault] of REFUSED) it(`may not be ${pattern || "nothing"}`, () => expect(patternFault(pattern)).toMatch(fault));
});

describe("an address", () => {
  const LOOPBACK = ["http://127.0.0.1:30000/v1", "http://localhost:8000", "http://[::1]:1/", "http://127.9.9.9", "http://2130706433/", "http://a.localhost/"];
  const PRIVATE = [
    "http://10.0.0.1",
    "http://192.168.1.2:9/v1",
    "http://172.16.0.1",
    "http://172.31.255.1",
    "http://169.254.1.1",
    "http://[fd00::1]",
    "http://[fe80::1]",
    "http://gpu-box:8000",
    "http://gpu.local",
    "http://x.internal/",
    "http://0.0.0.0:1",
  ];
  const PUBLIC = [
    "https://api.openai.com/v1",
    "http://8.8.8.8",
    "http://172.32.0.1",
    "http://172.15.0.1",
    "http://[2001:db8::1]",
    "http://10.example.com",
    "http://127.0.0.1.example.com",
    "nonsense",
  ];
  for (const address of LOOPBACK) it(`is of this machine: ${address}`, () => expect([isLoopback(address), isLocalHost(address)]).toEqual([true, true]));
  for (const address of PRIVATE) it(`is of the private network: ${address}`, () => expect([isLoopback(address), isLocalHost(address)]).toEqual([false, true]));
  for (const address of PUBLIC) it(`is public: ${address}`, () => expect([isLoopback(address), isLocalHost(address)]).toEqual([false, false]));
});

describe("days", () => {
  it("are counted over months, years and leap days", () => {
    expect(daysBetween("2026-11-22", "2026-11-22")).toBe(0);
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
    expect(daysBetween("2023-02-28", "2023-03-01")).toBe(1);
    expect(daysBetween("2000-01-01", "2026-11-22")).toBe((Date.UTC(2026, 10, 22) - Date.UTC(2000, 0, 1)) / 86_400_000);
    expect(daysBetween("2026-11-22", "2025-12-31")).toBe(-326);
  });
  it("are counted as the calendar has them, in every month of nine centuries", () => {
    for (let month = 1600 * 12; month < 2500 * 12; month += 1) {
      const day = new Date(Date.UTC(Math.floor(month / 12), month % 12, 1 + (month % 28))).toISOString().slice(0, 10);
      expect(daysBetween("1600-01-01", day)).toBe((Date.parse(day) - Date.parse("1600-01-01")) / 86_400_000);
    }
  });
});
