// Model calls between a run's workers: asked for by who holds the trial, made by who can, and kept for the trial whoever holds it then.
import { CallDesk, type CallDeskHooks } from "./call-desk.ts";
import { callLease, type LeftOvers } from "./left-overs.ts";
import type { CoordinatorWire } from "../../ports/queue-wire.ts";
import type { WorkerSaying } from "./messages.ts";
import { groupOf } from "./schedule.ts";
import type { Seat } from "./seat.ts";

interface CallTrafficOptions {
  readonly wire: Pick<CoordinatorWire, "keepLease">;
  readonly leftOvers: Pick<LeftOvers, "isOf" | "isOfCall">;
}

export class CallTraffic {
  readonly desk: CallDesk;
  private readonly leftOvers: CallTrafficOptions["leftOvers"];
  private readonly send: CallDeskHooks["send"];

  constructor({ wire, leftOvers }: CallTrafficOptions, hooks: Omit<CallDeskHooks, "keepLease">) {
    this.leftOvers = leftOvers;
    this.send = hooks.send;
    this.desk = new CallDesk({ ...hooks, keepLease: (trial, token) => wire.keepLease(callLease(trial), token) });
  }

  /** `seat`: that of the trial; null where the worker does not hold it any more. Gives why it can't be a call of its step; null where it can. */
  ask({ worker, token, ...asked }: WorkerSaying<"ask">, seat: Seat | null): string | null {
    const { trial, index, call, provider, request } = asked;
    if (seat === null) {
      this.send(worker, { say: "fenced", trial, token });
      return null;
    }
    const known = seat.replyTo(asked);
    if (known === "late") return null;
    if ("fault" in known) return `it asked for a call of ${trial}: ${known.fault}`;
    if (known.reply === null) this.desk.ask({ trial, index, call, provider, request, group: groupOf(seat.trial) });
    else this.send(worker, { say: "answered", trial, token, index, call, reply: known.reply });
    return null;
  }

  /** False where the reply is worth nothing: by no lease that is in force, or known already. */
  called({ worker, trial, token, index, call, reply }: WorkerSaying<"called">, entry: string, seat: Seat | undefined): boolean {
    if (seat === undefined || !this.isInForce(seat, token)) return false;
    const isTaken = seat.remember({ entry, worker, index, call, reply });
    const isAwaited = this.desk.came(trial, token, { index, call });
    const { lease } = seat;
    if (isTaken && isAwaited && lease !== null) this.send(lease.worker, { say: "answered", trial, token: lease.token, index, call, reply });
    return isTaken;
  }

  private isInForce({ lease, trial: { id } }: Seat, token: string): boolean {
    return lease?.token === token || this.desk.isOf(id, token) || this.leftOvers.isOf(id, token) || this.leftOvers.isOfCall(id, token);
  }

  /** The trial is carried out; `isLast`: of its group. */
  over({ trial }: Seat, isLast: boolean): void {
    this.desk.drop(trial.id);
    if (isLast) this.desk.forget(groupOf(trial));
  }
}
