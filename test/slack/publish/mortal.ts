import { FailureError } from "../../../src/lib/failure.ts";
import type { Outgoing } from "../../../src/slack/outgoing.ts";
import type { PublisherOptions } from "../../../src/slack/publish/publisher.ts";

/** What of a publisher's world a process that died can no longer reach. */
type Reach = Pick<PublisherOptions, "messages" | "outbox" | "lock"> & {
  readonly outgoing: Pick<Outgoing, "post" | "update" | "findKeys" | "whoAmI" | "permalink">;
};

/** A process's reach, and the ways to cut it off. */
export type Mortal = {
  readonly reach: Reach;
  readonly isDead: () => boolean;
  readonly kill: () => void;
  /** Whether it can renew its lock. */
  readonly lockAnswers: (answers: boolean) => void;
};

/**
 * Makes the world of a process that dies at its `diesAt`th call of the stores or of Slack: before the call, or after it was made and before
 * its answer came. What a dead process asks is never answered, and it gives nothing back.
 */
export function mortal(world: Reach, diesAt: number, after: boolean): Mortal {
  let calls = 0;
  let dead = false;
  let locked = false;
  const never = async (): Promise<never> => await new Promise<never>(() => {});
  const living = <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      if (dead) return await never();
      calls += 1;
      if (calls !== diesAt) return await answered(call(...args));
      dead = true;
      if (after) await call(...args).catch(() => {});
      return await never();
    };
  };
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    const value = await answer.catch(async (error: unknown) => {
      if (dead) return await never();
      throw error;
    });
    return dead ? await never() : value;
  };
  const { messages, outbox, lock, outgoing } = world;
  return {
    isDead: () => dead,
    kill: () => void (dead = true),
    lockAnswers: (answers) => void (locked = !answers),
    reach: {
      messages: { get: living(messages.get), put: living(messages.put), list: living(messages.list) },
      outbox: {
        note: living(outbox.note),
        due: living(outbox.due),
        nextDueAt: living(outbox.nextDueAt),
        settle: living(outbox.settle),
        backlog: outbox.backlog,
        watch: outbox.watch,
      },
      lock: {
        acquire: living(async (name, time) => (locked ? await unreachable() : await lock.acquire(name, time))),
        renew: living(async (hold, time) => (locked ? await unreachable() : await lock.renew(hold, time))),
        release: living(async (hold) => (locked ? await unreachable() : await lock.release(hold))),
      },
      outgoing: {
        post: living(outgoing.post),
        update: living(outgoing.update),
        findKeys: living(outgoing.findKeys),
        whoAmI: living(outgoing.whoAmI),
        permalink: living(outgoing.permalink),
      },
    },
  };
}

async function unreachable(): Promise<never> {
  const message = "cannot ask the store: no answer in 2s; look at it";
  throw await Promise.resolve(new FailureError({ reason: "unreachable", message, retryable: true }));
}
