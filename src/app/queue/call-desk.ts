// Model calls that workers ask for and don't make themselves: each goes to a worker that makes calls, under a lease of its own.
import type { CoordinatorMessage, WorkerSaying } from "./messages.ts";

/** A call of a trial's step. */
export interface AskedCall extends Pick<WorkerSaying<"ask">, "trial" | "index" | "call" | "provider" | "request"> {
  /** Calls of one task and epoch are timed against each other: they go to one worker. */
  readonly group: string;
}

interface OpenCall {
  readonly asked: AskedCall;
  lease: { readonly maker: Maker; readonly token: string } | null;
  isOver: boolean;
}

/** A worker that makes calls, so many at a time. */
interface Maker {
  readonly name: string;
  room: number;
  readonly held: Set<OpenCall>;
  /** Calls of groups that are placed here, for which there was no room. */
  queue: OpenCall[];
  groups: number;
}

export interface CallDeskHooks {
  readonly newToken: () => string;
  /** Who makes a trial's call is kept for a coordinator that takes over, before the call is sent. */
  readonly keepLease: (trial: string, token: string) => Promise<void>;
  readonly send: (worker: string, message: CoordinatorMessage) => void;
  readonly mind: (doing: Promise<void>) => void;
}

/** Of a trial's step, one call is asked for at a time. What is asked, given and answered costs the same however many calls wait. */
export class CallDesk {
  private readonly hooks: CallDeskHooks;
  private readonly open = new Map<string, OpenCall>();
  private readonly makers = new Map<string, Maker>();
  private readonly places = new Map<string, Maker>();
  /** Calls of groups without a place, in the order in which they were asked for. */
  private unplaced: OpenCall[] = [];

  constructor(hooks: CallDeskHooks) {
    this.hooks = hooks;
  }

  /** Is a call waited for, and nobody there to make it? */
  get isStuck(): boolean {
    if (this.open.size === 0) return false;
    for (const { room } of this.makers.values()) if (room > 0) return false;
    return true;
  }

  /** A worker makes so many calls at a time from now on. */
  join(name: string, room: number): void {
    const maker = this.makers.get(name) ?? { name, room, held: new Set<OpenCall>(), queue: [], groups: 0 };
    maker.room = room;
    this.makers.set(name, maker);
    this.fill(maker);
  }

  /** The worker is gone: what it was making is made by others. */
  lose(name: string): void {
    const maker = this.makers.get(name);
    if (maker === undefined) return;
    this.makers.delete(name);
    const left = [...maker.held, ...this.vacate(maker)];
    for (const call of left) call.lease = null;
    for (const call of left) this.place(call);
  }

  /** Again: whoever was given it may have missed that. */
  ask(asked: AskedCall): void {
    const known = this.open.get(asked.trial);
    if (known !== undefined && isSame(known.asked, asked)) {
      if (known.lease !== null) this.send(known);
      return;
    }
    this.drop(asked.trial);
    const call: OpenCall = { asked, lease: null, isOver: false };
    this.open.set(asked.trial, call);
    this.place(call);
  }

  /** Is it the token of whoever makes the trial's call now? */
  isOf(trial: string, token: string): boolean {
    return this.open.get(trial)?.lease?.token === token;
  }

  /** A reply came, by this lease or an earlier one. False where nobody waits for it. */
  came(trial: string, token: string, of: Pick<AskedCall, "index" | "call">): boolean {
    const call = this.open.get(trial);
    const isAsked = call !== undefined && isSame(call.asked, { trial, ...of });
    if (!isAsked && !this.isOf(trial, token)) return false;
    if (this.isOf(trial, token)) this.end(trial);
    else this.drop(trial);
    return isAsked;
  }

  /** Whoever makes calls by this lease makes no more than those that it has, and gave this one back. False where it is none. */
  refuse(trial: string, token: string): boolean {
    const call = this.open.get(trial);
    if (call?.lease?.token !== token) return false;
    const { maker } = call.lease;
    maker.room = 0;
    maker.held.delete(call);
    call.lease = null;
    for (const one of [call, ...this.vacate(maker)]) this.place(one);
    return true;
  }

  /** Nobody waits for the trial's call any more. */
  drop(trial: string): void {
    const lease = this.open.get(trial)?.lease ?? null;
    if (lease !== null) this.hooks.send(lease.maker.name, { say: "fenced", trial, token: lease.token });
    this.end(trial);
  }

  /** No trial of the group is left. */
  forget(group: string): void {
    const maker = this.places.get(group);
    if (maker !== undefined) maker.groups -= 1;
    this.places.delete(group);
  }

  private end(trial: string): void {
    const call = this.open.get(trial);
    if (call === undefined) return;
    call.isOver = true;
    this.open.delete(trial);
    const maker = call.lease?.maker;
    if (maker === undefined) return;
    maker.held.delete(call);
    this.fill(maker);
  }

  /** To where its group is placed; else to the worker with the fewest calls, if one has room. */
  private place(call: OpenCall): void {
    const { group } = call.asked;
    const maker = this.places.get(group) ?? this.idlest();
    if (maker === undefined) return void this.unplaced.push(call);
    this.settle(group, maker);
    maker.queue.push(call);
    this.fill(maker);
  }

  private idlest(): Maker | undefined {
    const free = [...this.makers.values()].filter(({ room, held, queue }) => held.size + queue.length < room);
    return free.toSorted((a, b) => a.held.size + a.queue.length - (b.held.size + b.queue.length) || a.groups - b.groups)[0];
  }

  private settle(group: string, maker: Maker): void {
    if (this.places.has(group)) return;
    this.places.set(group, maker);
    maker.groups += 1;
  }

  /** Its groups have no place any more. Gives the calls that waited for it. */
  private vacate(maker: Maker): readonly OpenCall[] {
    for (const [group, place] of this.places) if (place === maker) this.forget(group);
    const { queue } = maker;
    maker.queue = [];
    return queue.filter(({ isOver }) => !isOver);
  }

  private fill(maker: Maker): void {
    while (maker.held.size < maker.room) {
      const call = maker.queue.shift() ?? this.nextUnplaced(maker);
      if (call === undefined) return;
      if (!call.isOver) this.give(call, maker);
    }
  }

  private nextUnplaced(maker: Maker): OpenCall | undefined {
    for (let call = this.unplaced.shift(); call !== undefined; call = this.unplaced.shift()) {
      const place = this.places.get(call.asked.group) ?? maker;
      if (!call.isOver) this.settle(call.asked.group, place);
      if (place === maker) return call;
      place.queue.push(call);
    }
    return undefined;
  }

  private give(call: OpenCall, maker: Maker): void {
    const lease = { maker, token: this.hooks.newToken() };
    call.lease = lease;
    maker.held.add(call);
    const keep = async (): Promise<void> => {
      await this.hooks.keepLease(call.asked.trial, lease.token);
      if (call.lease === lease && !call.isOver) this.send(call);
    };
    this.hooks.mind(keep());
  }

  private send({ asked: { trial, index, call, provider, request }, lease }: OpenCall): void {
    if (lease !== null) this.hooks.send(lease.maker.name, { say: "call", trial, token: lease.token, index, call, provider, request });
  }
}

const isSame = (one: Pick<AskedCall, "trial" | "index" | "call">, other: Pick<AskedCall, "trial" | "index" | "call">): boolean =>
  one.trial === other.trial && one.index === other.index && one.call === other.call;
