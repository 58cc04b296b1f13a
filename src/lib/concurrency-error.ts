/** ConcurrencyError says that someone else appended to the run first: load it again, decide again. */
export class ConcurrencyError extends Error {
  readonly runId: string;
  /** How many events the caller thought the run had. */
  readonly expected: number;
  /** How many it has. */
  readonly actual: number;

  constructor(runId: string, expected: number, actual: number) {
    super(`cannot append to run ${runId}: it has ${actual} events and not ${expected}; load it again and decide again`);
    this.name = "ConcurrencyError";
    this.runId = runId;
    this.expected = expected;
    this.actual = actual;
  }
}
