// Trials that are carried out together: how many are left, and whoever waits for all of them.

export class Batch {
  readonly ended: Promise<void>;
  /** Trials that are not carried out yet. */
  left: number;
  /** Of which something is still under way here. */
  private unsettled: number;
  private resolve: () => void = () => undefined;
  private reject: (error: unknown) => void = () => undefined;

  constructor(trials: number) {
    this.left = trials;
    this.unsettled = trials;
    this.ended = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    if (trials === 0) this.resolve();
  }

  /** One more is carried out; `settling`: what of it is still under way. */
  carriedOut(settling: Promise<void>): void {
    this.left -= 1;
    settling.then(
      () => this.settled(),
      (error: unknown) => this.fail(error),
    );
  }

  /** Nothing is waited for any more. */
  fail(error: unknown): void {
    this.left = 0;
    this.reject(error);
  }

  private settled(): void {
    this.unsettled -= 1;
    if (this.unsettled === 0) this.resolve();
  }
}
