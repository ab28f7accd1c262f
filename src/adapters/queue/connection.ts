// Connections to Redis or Valkey: from an address without a password, with the password from the environment or a file, and checked before anything is queued.
import { readFile } from "node:fs/promises";
import type { Redis } from "ioredis";
import { BakeoffError, messageOf } from "../../core/base/errors.ts";

export interface QueueAddress {
  /** `redis://host:port/db`, or `rediss://` for TLS. */
  readonly url: string;
  /** Holds the password in its first line; null: in the environment, or there is none. */
  readonly passwordFile: string | null;
}

/** What connections are made with: those of BullMQ too. */
export interface RedisPlace {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly ca?: string };
  readonly maxRetriesPerRequest: null;
  readonly retryStrategy: (times: number) => number;
}

const INSTALL_LINE = "npm install bullmq@6.7.0 ioredis@6.0.0";

/** The packages that a queue needs, loaded only here. Throws `environment` with the line that installs them. */
export async function queuePackages() {
  try {
    const [{ Redis }, bullmq] = await Promise.all([import("ioredis"), import("bullmq")]);
    return { Redis, ...bullmq };
  } catch (error) {
    throw new BakeoffError("environment", "a queue needs the packages bullmq and ioredis, which are not installed", INSTALL_LINE, { cause: error });
  }
}

const PASSWORD = "BAKEOFF_QUEUE_PASSWORD";
const CA_FILE = "BAKEOFF_QUEUE_CA";

/** Throws `usage` for an address that is none, or that holds a password. */
export async function redisPlace({ url, passwordFile }: QueueAddress, env: Readonly<Record<string, string | undefined>>): Promise<RedisPlace> {
  const address = addressOf(url);
  const password = passwordFile === null ? env[PASSWORD] : (await fileText(passwordFile)).split("\n")[0];
  const ca = env[CA_FILE] === undefined ? undefined : await fileText(env[CA_FILE]);
  return {
    host: address.hostname.replace(/^\[|\]$/g, ""),
    port: address.port === "" ? 6379 : Number(address.port),
    db: Number(address.pathname.slice(1) || 0),
    ...(address.username === "" ? {} : { username: decodeURIComponent(address.username) }),
    ...(password ? { password } : {}),
    ...(address.protocol === "rediss:" ? { tls: ca === undefined ? {} : { ca } } : {}),
    // Commands wait for a lost connection as long as it takes.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * times, 1000),
  };
}

function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address === null || !["redis:", "rediss:"].includes(address.protocol) || !/^(\/\d*)?$/.test(address.pathname))
    throw new BakeoffError("usage", `${url.slice(0, 100)} is no address of a queue`, "redis://HOST:PORT, or rediss://HOST:PORT for TLS");
  if (address.password !== "")
    throw new BakeoffError(
      "usage",
      "a password on a command line can be read by everybody on the machine",
      `leave it out, and set ${PASSWORD} or give --queue-password-file FILE`,
    );
  return address;
}

async function fileText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new BakeoffError("usage", `${path} can't be read`, "name a file that holds it", { cause: error });
  }
}

const FIRST_ANSWER_MS = 5000;

/** A connection that was answered. Throws `environment` where nothing answers, or where keys may be thrown out when memory runs short. */
export async function openRedis(place: RedisPlace): Promise<Redis> {
  const { Redis } = await queuePackages();
  // What is written in one turn goes out in one packet.
  const redis = new Redis({ ...place, enableAutoPipelining: true });
  let last: unknown = null;
  redis.on("error", (error: unknown) => void (last = error));
  try {
    await answered(redis, () => last);
    await checkEviction(redis);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function answered(redis: Redis, last: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const why = last();
      reject(
        new BakeoffError(
          "environment",
          `the queue does not answer${why === null ? "" : `: ${messageOf(why)}`}`,
          "start redis-server, and check address and password",
        ),
      );
    }, FIRST_ANSWER_MS);
  });
  const ping = redis.ping().catch((error: unknown) => {
    throw new BakeoffError("environment", `the queue refuses: ${messageOf(error)}`, `check the password: ${PASSWORD} or --queue-password-file`);
  });
  try {
    await Promise.race([ping, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A queue that throws out keys loses trials without a word. */
async function checkEviction(redis: Redis): Promise<void> {
  const [, policy] = /maxmemory_policy:(\S+)/.exec(await redis.info("memory")) ?? [];
  if (policy === "noeviction") return;
  throw new BakeoffError(
    "environment",
    `the queue's maxmemory-policy is ${policy ?? "not told"}: it may throw out what it was given`,
    "set it to noeviction: redis-cli config set maxmemory-policy noeviction",
  );
}
