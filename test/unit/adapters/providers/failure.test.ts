// Facts about naming failures, and about what their details may hold.
import { describe, expect, test } from "vitest";
import { ProviderError } from "../../../../src/adapters/providers/provider-error.ts";
import { BrokenConnectionError, NoConnectionError } from "../../../../src/adapters/providers/transport.ts";
import { callFailureOf, safeDetail } from "../../../../src/adapters/providers/failure.ts";

function fromStatus(status: number, error: Readonly<Record<string, unknown>>): string {
  return callFailureOf(new ProviderError(error, { status })).failure;
}

function fromFrame(error: Readonly<Record<string, unknown>>): string {
  return callFailureOf(new ProviderError(error)).failure;
}

describe("statuses", () => {
  test.each([
    [400, "bad-request"],
    [401, "unauthorized"],
    [402, "quota"],
    [403, "unauthorized"],
    [404, "model-not-found"],
    [408, "timeout-total"],
    [409, "server-error"],
    [413, "context-too-long"],
    [422, "bad-request"],
    [429, "rate-limit"],
    [500, "server-error"],
    [502, "server-error"],
    [503, "overload"],
    [504, "timeout-total"],
    [529, "overload"],
  ])("HTTP %i is %s", (status, failure) => {
    expect(fromStatus(status, { message: "m" })).toBe(failure);
  });
  test.each(["insufficient_quota", "credit_balance_exhausted"])("429 with code %s is a matter of quota", (code) => {
    expect(fromStatus(429, { message: "m", code })).toBe("quota");
  });
  test.each([
    "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    "Requested token count exceeds the model's maximum context length of 8192 tokens.",
    "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
    "The decoder prompt (length 9000) is longer than the maximum model length of 8192.",
  ])("400 is context-too-long by its message: %s", (message) => {
    expect(fromStatus(400, { message })).toBe("context-too-long");
  });
  test("400 is context-too-long by its code", () => {
    expect(fromStatus(400, { message: "m", code: "context_length_exceeded" })).toBe("context-too-long");
  });
  test("400 is model-not-found by its code", () => {
    expect(fromStatus(400, { message: "m", code: "model_not_found" })).toBe("model-not-found");
  });
});

describe("frames", () => {
  test("a numeric code counts as a status", () => {
    expect(fromFrame({ message: "m", code: 503 })).toBe("overload");
    expect(fromFrame({ message: "m", code: 400 })).toBe("bad-request");
  });
  test("the type SERVICE_UNAVAILABLE is overload", () => {
    expect(fromFrame({ message: "m", type: "SERVICE_UNAVAILABLE" })).toBe("overload");
  });
  test("an error that says nothing is the server's", () => {
    expect(fromFrame({})).toBe("server-error");
  });
});

describe("connections", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });

  test("a refused connection is found among the causes", () => {
    const cause = new TypeError("fetch failed", { cause: refused });
    expect(callFailureOf(new NoConnectionError("no answer", { cause }))).toEqual({ failure: "refused-connection", detail: refused.message });
  });
  test("a refusal of every address is a refusal", () => {
    const cause = new TypeError("fetch failed", { cause: new AggregateError([refused, refused]) });
    expect(callFailureOf(new NoConnectionError("no answer", { cause })).failure).toBe("refused-connection");
  });
  test("a connection that breaks before the answer is the server's error", () => {
    const cause = new TypeError("fetch failed", { cause: Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" }) });
    expect(callFailureOf(new NoConnectionError("no answer", { cause })).failure).toBe("server-error");
  });
  test("a connection that is not taken in time is a timeout of the connection", () => {
    expect(callFailureOf(new NoConnectionError("no answer", { cause: Object.assign(new Error("late"), { code: "UND_ERR_CONNECT_TIMEOUT" }) })).failure).toBe(
      "timeout-connect",
    );
  });
  test("a connection that breaks within the stream cuts it", () => {
    expect(callFailureOf(new BrokenConnectionError("other side closed"))).toEqual({ failure: "cut-stream", detail: "the connection broke: other side closed" });
  });
  test("an error of our own is not taken for the server's", () => {
    const bug = new TypeError("undefined is not a function");
    expect(() => callFailureOf(bug)).toThrow(bug);
    const coded = Object.assign(new TypeError("no string"), { code: "ERR_INVALID_ARG_TYPE" });
    expect(() => callFailureOf(coded)).toThrow(coded);
  });
});

describe("details", () => {
  test("the key is taken out", () => {
    expect(safeDetail("Bearer s3cr3t-value is invalid", "s3cr3t-value\n")).toBe("Bearer [key] is invalid");
  });
  test("what looks like a key is taken out", () => {
    expect(safeDetail("Incorrect API key provided: sk-proj-ab**********yz.", null)).not.toContain("proj");
  });
  test("an address's credentials are taken out", () => {
    expect(safeDetail("GET http://me:pw@host/v1", null)).toBe("GET http://[credentials]@host/v1");
  });
  test("control characters become spaces", () => {
    expect(safeDetail("a\u001b[31m\nb", null)).toBe("a [31m b");
  });
  test("a long detail is cut", () => {
    expect(safeDetail("x".repeat(9000), null)).toHaveLength(500);
  });
});
