// A redis-server of a test's own: on a free port, append-only, in a folder that goes with the test; stopped, killed and started again at will.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  /** Without a word, as when its machine goes. What was written is in its append-only file. */
  kill(): Promise<void>;
  client(): Redis;
}

/** Needs redis-server: `apt-get install -y redis-server`. */
export async function testRedis(folder: string, settings: readonly string[] = []): Promise<TestRedis> {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  let child: ChildProcess | null = null;
  const client = () => new Redis({ port, host: "127.0.0.1", maxRetriesPerRequest: 1, retryStrategy: () => null, lazyConnect: true });
  const start = async (): Promise<void> => {
    const options = ["--port", String(port), "--bind", "127.0.0.1", "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", folder];
    child = spawn("redis-server", [...options, ...settings], { stdio: "ignore" });
    for (let tries = 0; tries < 200; tries += 1) {
      const redis = client();
      redis.on("error", () => undefined);
      try {
        await redis.connect();
        if ((await redis.ping()) === "PONG") return;
      } catch {
        await pause(50);
      } finally {
        redis.disconnect();
      }
    }
    throw new Error("redis-server does not start: apt-get install -y redis-server");
  };
  const kill = async (): Promise<void> => {
    const ended = new Promise((resolve) => child?.once("exit", resolve) ?? resolve(null));
    child?.kill("SIGKILL");
    await ended;
  };
  await start();
  return { url: `redis://127.0.0.1:${port}`, port, start, kill, client };
}
