import { toFailure } from "../../lib/failure.ts";
import type { PublisherOptions, PublisherStatus } from "./publisher-options.ts";
import { serveTerms } from "./sender-lock.ts";
import { createShift } from "./shift.ts";
import { createWaiters, type Waiters } from "./waiters.ts";

export type { PublisherOptions, PublisherStatus } from "./publisher-options.ts";

/** Publisher keeps Slack's messages as the stored state wants them, whichever replica it runs in: one of them sends. */
export type Publisher = {
  readonly start: () => void;
  /** Says that a subject (`run:R1`, `alert:<group key>`, `home:<member>`) changed: it is put in the outbox. Never throws. */
  readonly note: (subject: string) => void;
  /** Resolves when nothing is due. */
  readonly idle: () => Promise<void>;
  /** Ends: calls under way come to their end, and the lock is given back so that another replica goes on at once. */
  readonly stop: () => Promise<void>;
  readonly status: () => Promise<PublisherStatus>;
};

/** Makes a publisher; it does nothing before `start`. */
export function createPublisher(options: PublisherOptions): Publisher {
  const { outbox, clock, logger, runs } = options;
  const stopping = new AbortController();
  const quiet = createWaiters();
  const shift = createShift(options, quiet.release);
  let served: Promise<void> = Promise.resolve();
  return {
    start: () => {
      const ends = [runs.subscribe(shift.look), outbox.watch(shift.look)];
      stopping.signal.addEventListener("abort", () => ends.forEach((end) => end()), { once: true });
      const onOther = (): void => void (quiet.some() && releaseWhenDone(options, quiet));
      served = serveTerms({ ...options, serve: shift.serve, onOther, signal: stopping.signal });
    },
    note: (subject) => {
      const failed = (error: unknown): void =>
        logger.error("cannot note what slack should show", { subject, error: toFailure(error).message });
      void outbox.note(subject, clock.now()).then(shift.look, failed);
    },
    idle: async () => {
      const quietAgain = quiet.wait();
      shift.look();
      await quietAgain;
    },
    stop: async () => {
      stopping.abort();
      await served;
      quiet.release();
    },
    status: async () => {
      const backlog = await outbox.backlog(clock.now()).catch(() => undefined);
      const { count: depth, oldestAt } = backlog ?? { count: undefined, oldestAt: undefined };
      return { depth, oldestAt, ...shift.status() };
    },
  };
}

/** While another replica sends, only the outbox tells whether it is done. */
function releaseWhenDone({ outbox, clock }: PublisherOptions, quiet: Waiters): void {
  void outbox.due(clock.now(), 1).then(
    ([item]) => item === undefined && quiet.release(),
    () => {},
  );
}
