import type { Clock, Timestamp } from "../../lib/clock.ts";
import type { OpenLog } from "../../investigation/open-log.ts";
import type { Io } from "../io.ts";

/** How often somebody who waits hears of it. */
const EVERY_MS = 2000;

/** Progress tells beside the result how far a long work is. */
export type Progress = {
  readonly reading: (log: OpenLog, lines: number) => void;
  readonly hashing: (hashed: number, of: number) => void;
};

/** Creates the progress of a command; what ends within two seconds says nothing. */
export function createProgress(io: Pick<Io, "err">, clock: Clock): Progress {
  let told: Timestamp = clock.now();
  const nowAndThen = (text: () => string): void => {
    const now = clock.now();
    if (now - told < EVERY_MS) return;
    told = now;
    io.err(`sealwatch audit-log search: ${text()}`);
  };
  return {
    reading: (log, lines) =>
      nowAndThen(() => {
        const { read, of } = log.progress();
        const share = of === 0 ? "" : ` of ${megabytes(of)} (${Math.floor((read / of) * 100)} %)`;
        return `${megabytes(read)}${share}, ${lines} lines`;
      }),
    hashing: (hashed, of) => nowAndThen(() => `${hashed} of ${of} living tokens compared`),
  };
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_000_000)} MB`;
}
