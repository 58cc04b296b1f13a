/** A step cannot go on for some milliseconds, and nothing else has to wait for that. */
export class LaterError extends Error {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super(`cannot go on for ${waitMs} ms`);
    this.name = "LaterError";
    this.waitMs = waitMs;
  }
}

/** Another replica sends now, or may by now: nothing more may be sent from here. */
export class LostLockError extends Error {
  constructor() {
    super("cannot send: another replica may do so now");
    this.name = "LostLockError";
  }
}
