// What the notebook client makes of the notebook service, well or not.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { notebookClient } from "../../src/adapters/providers/notebook.ts";
import { openDailyQuota } from "../../src/adapters/policies/daily-quota.ts";
import type { NotebookReply } from "../../src/ports/notebook.ts";
import { scratch } from "../setup/scratch.ts";
import { CLOCK } from "../servers/material.ts";
import { notebookAnswers, type RehearsalNotebook, startRehearsalNotebook } from "../servers/rehearsal-notebook.ts";

const signal = new AbortController().signal;
let service: RehearsalNotebook;

beforeEach(async () => {
  service = await startRehearsalNotebook();
});
afterEach(() => service.close());

function client(deadlineMs = 1000) {
  return notebookClient({ endpoint: service.endpoint, notebook: "bakeoff", deadlineMs, clock: CLOCK });
}

function ask(question = "How?", deadlineMs = 1000): Promise<NotebookReply> {
  return client(deadlineMs).ask(question, signal);
}

describe("the notebook client", () => {
  test("answers with the notebook's text and the time it took", async () => {
    expect(await ask()).toEqual({ outcome: "answered", text: "Borrow it twice.", totalMs: expect.any(Number) as number });
  });
  test("sends the question and the notebook's name", async () => {
    await ask("Why E0382?");
    expect(service.questions).toEqual([{ question: "Why E0382?", notebook: "bakeoff" }]);
  });
  test("checks the service's health once, before the first question", async () => {
    const notebook = client();
    await Promise.all([notebook.ask("a", signal), notebook.ask("b", signal)]);
    await notebook.ask("c", signal);
    expect(service.paths).toEqual(["GET /health", "POST /api/ask", "POST /api/ask", "POST /api/ask"]);
  });
  test("does not ask a service that is not well", async () => {
    service.rehearse({ health: notebookAnswers(503, {}) });
    expect(await ask()).toMatchObject({ outcome: "failed", detail: "the notebook service is not well: HTTP 503" });
    expect(service.paths).toEqual(["GET /health"]);
  });
  test("asks a service that has become well", async () => {
    const notebook = client();
    service.rehearse({ health: notebookAnswers(503, {}) });
    await notebook.ask("a", signal);
    service.rehearse({ health: notebookAnswers(200, {}) });
    expect(await notebook.ask("b", signal)).toMatchObject({ outcome: "answered" });
  });
  test("cuts a question to 2,000 characters", async () => {
    await ask("x".repeat(5000));
    expect(service.questions[0]?.question).toHaveLength(2000);
  });
  test("does not cut a character in half", async () => {
    await ask(`${"x".repeat(1999)}🦀`);
    expect(service.questions[0]?.question).toBe("x".repeat(1999));
  });
});

describe("a notebook service that fails", () => {
  test.each<[string, number, unknown, string]>([
    ["an unsuccessful answer", 200, { success: false, data: null, error: "daily limit" }, "the notebook gave no answer: daily limit"],
    ["an answer without text", 200, { success: true, data: {}, error: null }, "the notebook's answer is empty"],
    ["an error status", 500, { success: false, error: "it broke" }, "the notebook answers HTTP 500: it broke"],
    ["another kind of JSON", 200, [], "the notebook gave no answer"],
  ])("is reported when it gives %s", async (_, status, body, detail) => {
    service.rehearse({ ask: notebookAnswers(status, body) });
    expect(await ask()).toMatchObject({ outcome: "failed", detail });
  });
  test("is not waited for beyond the deadline", async () => {
    service.rehearse({ ask: () => undefined });
    expect(await ask("How?", 60)).toMatchObject({ outcome: "failed", detail: "the notebook gave no complete answer within 60 ms" });
  });
  test("has its health check counted into the deadline", async () => {
    service.rehearse({ health: () => undefined });
    expect(await ask("How?", 60)).toMatchObject({ outcome: "failed", detail: "the notebook gave no complete answer within 60 ms" });
  });
  test("is reported when it is not there", async () => {
    await service.close();
    const reply = await ask();
    expect(reply).toMatchObject({ outcome: "failed", detail: expect.stringContaining("ECONNREFUSED") as string });
  });
  test("is left with a throw when the caller aborts", async () => {
    service.rehearse({ ask: () => undefined });
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error("interrupted")), 30);
    await expect(client().ask("How?", caller.signal)).rejects.toThrow("interrupted");
  });
});

describe("sources", () => {
  const source = { name: "tiny/main", content: "src/lib.rs: add" };
  test("are laid under their name into the notebook", async () => {
    expect(await client().upsert?.(source, signal)).toBeNull();
    expect(service.sources).toEqual([{ notebook: "bakeoff", ...source }]);
  });
  test.each<[number, unknown, string]>([
    [200, { success: false, error: "too many sources" }, "the notebook took no source (HTTP 200): too many sources"],
    [500, null, "the notebook took no source (HTTP 500)"],
    [200, [], "the notebook took no source (HTTP 200)"],
  ])("that are not taken are told of: %i", async (status, body, detail) => {
    service.rehearse({ upsert: notebookAnswers(status, body) });
    expect(await client().upsert?.(source, signal)).toBe(detail);
  });
  test("are not waited for beyond the deadline", async () => {
    service.rehearse({ upsert: () => undefined });
    expect(await client(60).upsert?.(source, signal)).toContain("can't be reached");
  });
});

describe("the day's questions", () => {
  const today = "2026-11-22";
  const counting = (folder: string, perDay: number, day = today) => {
    const quota = openDailyQuota(folder, perDay);
    return notebookClient({ endpoint: service.endpoint, notebook: "bakeoff", deadlineMs: 1000, clock: CLOCK, takeQuestion: () => quota.take(day) });
  };
  test("are counted across runs, and no further one is sent", async () => {
    const folder = await scratch();
    for (const expected of ["answered", "answered", "skipped", "skipped"]) expect((await counting(folder, 2).ask("How?", signal)).outcome).toBe(expected);
    expect(service.questions).toHaveLength(2);
  });
  test("are new on another day", async () => {
    const folder = await scratch();
    expect((await counting(folder, 1).ask("How?", signal)).outcome).toBe("answered");
    expect((await counting(folder, 1, "2026-11-23").ask("How?", signal)).outcome).toBe("answered");
  });
  test("are never given out twice, however many ask at once", async () => {
    const folder = await scratch();
    const taken = await Promise.all(Array.from({ length: 40 }, () => openDailyQuota(folder, 15).take(today)));
    expect(taken.filter(Boolean)).toHaveLength(15);
  });
});
