import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { BcryptQuestion } from "./bcrypt-thread.ts";

/** Tells whether a password has this bcrypt hash; one question at a time. */
export type CompareHash = (password: string, hash: string) => Promise<boolean>;

/**
 * Creates a comparison in a thread of its own, which begins with the first question: bcrypt is made to cost a tenth of a second and more, and who
 * guesses passwords must not take that from scrapes and runs. The thread holds up no exit; should it break, the next question gets another.
 */
export function createCompareHash(): CompareHash {
  let thread: Worker | undefined;
  return async (password, hash) => {
    thread ??= new Worker(new URL("bcrypt-thread.ts", import.meta.url));
    thread.unref();
    try {
      const answer = once(thread, "message");
      thread.postMessage({ password, hash } satisfies BcryptQuestion);
      const [matches] = (await answer) as [boolean];
      return matches;
    } catch (error) {
      thread = undefined;
      throw error;
    }
  };
}
