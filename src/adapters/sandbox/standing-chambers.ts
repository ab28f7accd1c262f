// Chambers that stand ready: each is laid while another job of its kind runs, so that the next one waits for none of that.
import type { Chamber } from "./chamber.ts";
import type { ChamberNeeds } from "./tiers/tier.ts";

/** A suite of three bases has a loop and a confirmation of each. */
const MOST = 6;

/** One for each of the kinds of job that came last. Each chamber has one job, and none of its state is ever used again. */
export class StandingChambers {
  private readonly open: (needs: ChamberNeeds) => Promise<Chamber>;
  private readonly leave: (chamber: Chamber) => void;
  /** By what they are for, that which was prepared longest ago first; null where it could not be laid. */
  private readonly standing = new Map<string, Promise<Chamber | null>>();
  /** Those that gave way, until they are left: one may still be being laid. */
  private readonly going = new Set<Promise<void>>();

  constructor(open: (needs: ChamberNeeds) => Promise<Chamber>, leave: (chamber: Chamber) => void) {
    this.open = open;
    this.leave = leave;
  }

  /** The one that fits, if it lives; else a new one. */
  async take(needs: ChamberNeeds): Promise<Chamber> {
    const chamber = await this.taken(JSON.stringify(needs));
    if (chamber && !chamber.hasEnded()) return chamber;
    if (chamber) this.leave(chamber);
    return this.open(needs);
  }

  /** Has one laid for the next job of this kind; the kind that was not asked for longest gives way. */
  prepare(needs: ChamberNeeds): void {
    const key = JSON.stringify(needs);
    if (this.standing.has(key)) return;
    // What goes wrong here goes wrong again, and is told, when the next job opens its own.
    this.standing.set(
      key,
      this.open(needs).catch(() => null),
    );
    const [oldest = key] = this.standing.keys();
    if (this.standing.size > MOST) this.dismiss(oldest);
  }

  async close(): Promise<void> {
    for (const key of this.standing.keys()) this.dismiss(key);
    await Promise.all(this.going);
  }

  private async taken(key: string): Promise<Chamber | null> {
    const chamber = this.standing.get(key);
    this.standing.delete(key);
    return (await chamber) ?? null;
  }

  private dismiss(key: string): void {
    const gone = this.letGo(key);
    this.going.add(gone);
    gone.finally(() => this.going.delete(gone)).catch(() => undefined);
  }

  private async letGo(key: string): Promise<void> {
    const chamber = await this.taken(key);
    if (chamber) this.leave(chamber);
  }
}
