// A rehearsal notebook: answers the notebook service's requests as a test has written them down.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { closeServer } from "./rehearsal-server.ts";

export interface RehearsalNotebook {
  readonly endpoint: string;
  /** Paths that were asked for, in order. */
  readonly paths: readonly string[];
  /** Bodies of the sources that were laid into it. */
  readonly sources: readonly { readonly notebook: string; readonly name: string; readonly content: string }[];
  /** Bodies of the questions. */
  readonly questions: readonly { readonly question: string; readonly notebook: string }[];
  /** Replaces how the service answers from now on. */
  rehearse(manners: Partial<Manners>): void;
  close(): Promise<void>;
}

export interface Manners {
  readonly health: (response: ServerResponse) => void;
  readonly upsert: (response: ServerResponse) => void;
  readonly ask: (response: ServerResponse) => void;
}

/** Answers with a status and a JSON body. */
export function notebookAnswers(status: number, body: unknown): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
}

/** Starts on 127.0.0.1 and a free port: healthy, and with one answer for all questions. */
export async function startRehearsalNotebook(): Promise<RehearsalNotebook> {
  const paths: string[] = [];
  const questions: { question: string; notebook: string }[] = [];
  const sources: { notebook: string; name: string; content: string }[] = [];
  let manners: Manners = {
    health: notebookAnswers(200, {}),
    upsert: notebookAnswers(200, { success: true, data: { name: "n", action: "created" }, error: null }),
    ask: notebookAnswers(200, { success: true, data: { answer: "Borrow it twice." }, error: null }),
  };
  const server = createServer(async (request, response) => {
    paths.push(`${request.method} ${request.url}`);
    let text = "";
    for await (const part of request.setEncoding("utf8")) text += part;
    if (request.url === "/health") return manners.health(response);
    if (request.url === "/api/sources/upsert") {
      sources.push(JSON.parse(text) as (typeof sources)[number]);
      return manners.upsert(response);
    }
    questions.push(JSON.parse(text) as (typeof questions)[number]);
    return manners.ask(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    sources,
    questions,
    rehearse: (changed) => {
      manners = { ...manners, ...changed };
    },
    close: () => closeServer(server),
  };
}
