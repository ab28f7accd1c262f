// A line between a worker and its server on which what the worker says is altered: whoever is at the other end sees a worker that lies.
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { WorkerMessage } from "../../src/app/queue/messages.ts";

export interface LyingLine {
  readonly url: string;
  close(): void;
}

/** `alter` is given each message that a worker writes, and gives what arrives instead. */
export async function lyingLine(port: number, alter: (said: WorkerMessage) => WorkerMessage): Promise<LyingLine> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    const commands = new Commands();
    near.on("data", (bytes) => {
      for (const words of commands.read(bytes)) far.write(written(altered(words, alter)));
    });
    far.on("data", (bytes) => void near.write(bytes));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("close", () => (open.delete(one), other.destroy()));
      one.on("error", () => undefined);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = (): void => {
    server.close();
    for (const socket of open) socket.destroy();
  };
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** A worker writes its messages with XADD; they stand in its last word. */
function altered(words: readonly Buffer[], alter: (said: WorkerMessage) => WorkerMessage): readonly Buffer[] {
  const [name, last] = [words[0], words.at(-1)];
  if (last === undefined || name?.toString().toLowerCase() !== "xadd" || !words[1]?.toString().endsWith(":inbox")) return words;
  return [...words.slice(0, -1), Buffer.from(JSON.stringify(alter(JSON.parse(last.toString()) as WorkerMessage)))];
}

/** A command as Redis's protocol has it: how many words, then each with its length. */
function written(words: readonly Buffer[]): Buffer {
  const parts = words.flatMap((word) => [Buffer.from(`$${word.length}\r\n`), word, Buffer.from("\r\n")]);
  return Buffer.concat([Buffer.from(`*${words.length}\r\n`), ...parts]);
}

/** Whole commands of what came in pieces. */
class Commands {
  private rest: Buffer = Buffer.alloc(0);

  read(bytes: Buffer): readonly (readonly Buffer[])[] {
    this.rest = Buffer.concat([this.rest, bytes]);
    const commands: (readonly Buffer[])[] = [];
    for (let next = this.command(); next !== null; next = this.command()) {
      this.rest = this.rest.subarray(next.end);
      commands.push(next.words);
    }
    return commands;
  }

  private command(): { readonly words: readonly Buffer[]; readonly end: number } | null {
    const head = this.number(0);
    if (head === null) return null;
    const words: Buffer[] = [];
    let at = head.end;
    while (words.length < head.value) {
      const size = this.number(at);
      if (size === null || this.rest.length < size.end + size.value + 2) return null;
      words.push(this.rest.subarray(size.end, size.end + size.value));
      at = size.end + size.value + 2;
    }
    return { words, end: at };
  }

  /** The number of a line such as `*3` or `$12`, and where the next line begins. */
  private number(from: number): { readonly value: number; readonly end: number } | null {
    const end = this.rest.indexOf("\r\n", from);
    return end < 0 ? null : { value: Number(this.rest.subarray(from + 1, end).toString()), end: end + 2 };
  }
}
