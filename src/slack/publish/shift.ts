import { createDispatcher, type Dispatcher } from "./dispatch/dispatcher.ts";
import { createLedger } from "./ledger.ts";
import { createLanes } from "./pace/lanes.ts";
import { createFacts } from "./plan/facts.ts";
import { createPlanner } from "./plan/planner.ts";
import type { PublisherOptions, PublisherStatus } from "./publisher-options.ts";
import { createRecent } from "./recent.ts";
import { createRunGroups } from "./run-groups.ts";
import type { Term } from "./sender-lock.ts";

/** Shift is the work of the one replica that sends, term after term. */
export type Shift = {
  /** Works for a term; what it remembers of messages ends with it, for others may send afterwards. */
  readonly serve: (term: Term) => Promise<void>;
  /** Says that something may be due. */
  readonly look: () => void;
  readonly status: () => Pick<PublisherStatus, "awaySince" | "isSender">;
};

/** Makes a shift. Pace goes on from term to term: Slack counts the calls of both. */
export function createShift(options: PublisherOptions, onQuiet: () => void): Shift {
  const lanes = createLanes();
  const { permalink } = options.outgoing;
  const drawing = { ...options, permalink, facts: createFacts(options) };
  const groups = createRunGroups(options.runs);
  const probe = options.outgoing.whoAmI;
  let dispatcher: Dispatcher | undefined;
  return {
    serve: async ({ signal, isOurs }) => {
      const recent = createRecent(options.clock);
      const ledger = createLedger(options.messages, recent);
      const sender = { ...options, attachments: options.attachments, recent, ledger, isOurs };
      const planOf = createPlanner({ ...options, drawing, sender, groups });
      dispatcher = createDispatcher({ ...options, planOf, lanes, probe, onQuiet, signal });
      await dispatcher.work();
      dispatcher = undefined;
    },
    look: () => dispatcher?.look(),
    status: () => ({ awaySince: dispatcher?.awaySince(), isSender: dispatcher !== undefined }),
  };
}
