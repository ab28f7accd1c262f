// Which trial a worker gets next: all candidates of one task and epoch go to one worker, on a base that it has prepared where there is one.
import type { QueuedTrial } from "../../ports/trial-queue.ts";

type Placed = Pick<QueuedTrial, "kind" | "id" | "task" | "epoch" | "base">;

/** Trials that are compared with each other. */
interface Group<T extends Placed> {
  readonly base: string;
  readonly free: T[];
  /** How many of them are under way. */
  held: number;
  holder: string | null;
}

/** A calibration trial is compared with nobody: it may go anywhere. */
export const groupOf = ({ kind, id, task, epoch }: Placed): string => (kind === "plant" ? id : `${epoch}/${task}`);

/** Taking one costs the same however many there are. */
export class Schedule<T extends Placed> {
  private readonly groups = new Map<string, Group<T>>();
  /** Groups that nobody holds, by base, in the order in which they were planned. */
  private readonly open = new Map<string, Set<Group<T>>>();
  private readonly held = new Map<string, Set<Group<T>>>();
  private readonly warm = new Map<string, Set<string>>();
  /** How many workers have prepared a base. */
  private readonly prepared = new Map<string, number>();
  private left = 0;

  /** Free for whoever comes. A trial that was given back goes to its group's holder, if it has one. */
  add(trial: T): void {
    const key = groupOf(trial);
    const group = this.groups.get(key) ?? { base: trial.base, free: [], held: 0, holder: null };
    this.groups.set(key, group);
    group.free.push(trial);
    this.left += 1;
    if (group.holder === null) this.offer(group);
  }

  /** Null where there is nothing for this worker now. */
  take(worker: string): T | null {
    const group = this.groupFor(worker);
    const trial = group?.free.shift();
    if (group === undefined || trial === undefined) return null;
    this.left -= 1;
    group.held += 1;
    this.hold(group, worker);
    return trial;
  }

  /** The trial was carried out, or is added again by `add` afterwards. */
  release(trial: T): void {
    const group = this.groups.get(groupOf(trial));
    if (group === undefined) return;
    group.held -= 1;
    if (group.held > 0 || group.free.length > 0) return;
    this.letGo(group);
    this.groups.delete(groupOf(trial));
  }

  /** A trial that waits was carried out after all: its last step was being journalled when its holder was lost. */
  withdraw(trial: T): void {
    const group = this.groups.get(groupOf(trial));
    const index = group?.free.indexOf(trial) ?? -1;
    if (group === undefined || index < 0) return;
    group.free.splice(index, 1);
    this.left -= 1;
    if (group.held > 0 || group.free.length > 0) return;
    this.open.get(group.base)?.delete(group);
    this.letGo(group);
    this.groups.delete(groupOf(trial));
  }

  /** The worker is gone: what it was to get goes to others. */
  lose(worker: string): void {
    for (const group of this.held.get(worker) ?? []) {
      this.letGo(group);
      if (group.free.length > 0) this.offer(group);
    }
    this.held.delete(worker);
    for (const base of this.warm.get(worker) ?? []) this.prepared.set(base, (this.prepared.get(base) ?? 1) - 1);
    this.warm.delete(worker);
  }

  /** Is any trial that is compared with this one waiting or under way? */
  hasLike(trial: T): boolean {
    return this.groups.has(groupOf(trial));
  }

  /** How many trials wait. */
  get waiting(): number {
    return this.left;
  }

  private groupFor(worker: string): Group<T> | undefined {
    for (const group of this.held.get(worker) ?? []) if (group.free.length > 0) return group;
    for (const base of this.warm.get(worker) ?? []) {
      const [group] = this.open.get(base) ?? [];
      if (group !== undefined) return group;
    }
    const [group] = this.open.get(this.scarcest() ?? "") ?? [];
    return group;
  }

  /** Of the bases that groups wait for: the one with the most of them for each worker that has prepared it, so that not everybody prepares all. */
  private scarcest(): string | null {
    let found: { readonly base: string; readonly load: number } | null = null;
    for (const [base, { size }] of this.open) {
      const load = size / ((this.prepared.get(base) ?? 0) + 1);
      if (size > 0 && (found === null || load > found.load)) found = { base, load };
    }
    return found?.base ?? null;
  }

  private hold(group: Group<T>, worker: string): void {
    this.open.get(group.base)?.delete(group);
    group.holder = worker;
    this.held.set(worker, (this.held.get(worker) ?? new Set()).add(group));
    const warm = this.warm.get(worker) ?? new Set();
    if (!warm.has(group.base)) this.prepared.set(group.base, (this.prepared.get(group.base) ?? 0) + 1);
    this.warm.set(worker, warm.add(group.base));
  }

  private letGo(group: Group<T>): void {
    if (group.holder !== null) this.held.get(group.holder)?.delete(group);
    group.holder = null;
  }

  private offer(group: Group<T>): void {
    this.open.set(group.base, (this.open.get(group.base) ?? new Set()).add(group));
  }
}
