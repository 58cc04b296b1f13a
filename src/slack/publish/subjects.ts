import type { Logger } from "../../lib/logger.ts";
import type { Delay } from "../delay.ts";

/** How a pass over a subject ended: everything is as it should be, or it must be looked at again after a while. */
export type Pass = { readonly done: true } | { readonly done: false; readonly againMs: number };

/** Subjects are things (runs, alert groups) whose messages are kept true: one pass at a time for each, the latest state wins. */
export type Subjects = {
  /** Says that a subject changed: a pass begins, or is repeated when one is under way. */
  readonly touch: (subject: string) => void;
  /** Resolves when every subject is as it should be. */
  readonly idle: () => Promise<void>;
};

/** What Subjects are made of. `pass` may throw: it is repeated with growing pauses until it does not. */
export type SubjectsOptions = {
  readonly pass: (subject: string) => Promise<Pass>;
  readonly delay: Delay;
  readonly signal: AbortSignal;
  readonly logger: Logger;
};

const LONGEST_PAUSE_MS = 60_000;

/** Makes an empty set of subjects. */
export function createSubjects({ pass, delay, signal, logger }: SubjectsOptions): Subjects {
  const dirty = new Set<string>();
  const working = new Map<string, Promise<void>>();

  const tryPass = async (subject: string, failures: number): Promise<Pass> => {
    try {
      return await pass(subject);
    } catch (error) {
      logger.warn("cannot bring slack messages up to date; trying again", {
        subject,
        failures,
        error: error instanceof Error ? error.message : String(error),
      });
      return { done: false, againMs: Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures) };
    }
  };

  const work = async (subject: string): Promise<void> => {
    let failures = 0;
    while (dirty.delete(subject) && !signal.aborted) {
      const result = await tryPass(subject, failures);
      if (result.done) {
        failures = 0;
        continue;
      }
      failures += 1;
      dirty.add(subject);
      await delay(result.againMs, signal);
    }
    working.delete(subject);
  };

  return {
    touch: (subject) => {
      dirty.add(subject);
      if (!working.has(subject) && !signal.aborted) working.set(subject, work(subject));
    },
    idle: async () => {
      while (working.size > 0) await Promise.all(working.values());
    },
  };
}
