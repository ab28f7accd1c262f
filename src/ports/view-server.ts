// A server for the pages of the viewer, and what it asks for them. Interfaces only.

export interface PageAnswer {
  readonly status: number;
  readonly type: "text/html" | "text/css" | "text/javascript";
  readonly body: string;
}

/** `file`: the name of a page or of an asset; empty for the first page. `chosen`: what its address asks for. Never throws. */
export type AnswerPage = (file: string, chosen: URLSearchParams) => Promise<PageAnswer>;

export interface ViewServer {
  /** With the token that opens it. */
  readonly url: string;
  close(): Promise<void>;
}

/** On 127.0.0.1 only; port 0: any that is free. Throws `environment` where it can't listen. */
export type StartViewServer = (answer: AnswerPage, port: number) => Promise<ViewServer>;
