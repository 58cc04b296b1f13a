import { exhaustive } from "../../lib/exhaustive.ts";
import { redact } from "../../lib/redact.ts";
import { carryOut } from "./carry-out.ts";
import { MOST_FAILURES, RETRY_MS, SETTLE_MS, type Desk, type Job, type UploadsOptions } from "./job.ts";
import { createUploadStates, type UploadState } from "./upload-states.ts";

/** How an upload stands: Slack's id of the file, or milliseconds after which to ask again, or that there will be none. */
export type Standing =
  | { readonly kind: "there"; readonly id: string }
  | { readonly kind: "later"; readonly afterMs: number }
  | { readonly kind: "never" };

/** Uploads carries jobs out in the background, one at a time, and remembers them in the message store. */
export type Uploads = {
  /** Tells how a job stands, and begins it when nobody did. Does not wait for it and never throws. */
  readonly ask: (job: Job) => Promise<Standing>;
  /** Hears that Slack does not take a file yet that was uploaded; after some times it is given up. Never throws. */
  readonly notYet: (job: Pick<Job, "key" | "channel">) => Promise<Standing>;
};

const WORKING_MS = 1000;
const MOST_REFUSALS = 5;
/** In the store, of a file that Slack never took in. */
const REFUSED = "refused";

/** Makes Uploads over a message store. */
export function createUploads(options: UploadsOptions): Uploads {
  const desk: Desk = { ...options, states: createUploadStates(), scopeMissingUntil: 0, queue: Promise.resolve() };
  return {
    ask: async (job) => {
      try {
        const recalled = desk.states.get(job.key) ?? (await recall(desk, job));
        // Somebody else may have asked meanwhile.
        return standing(desk, job, desk.states.get(job.key) ?? recalled);
      } catch (error) {
        desk.logger.warn("cannot ask the store for a file of slack", { key: job.key, error: redact(String(error)) });
        return { kind: "later", afterMs: RETRY_MS };
      }
    },
    notYet: async (job) => await notYet(desk, job),
  };
}

async function recall({ messages }: Desk, { key, shared }: Job): Promise<UploadState> {
  const stored = await messages.get(key);
  if (stored?.digest === REFUSED) return { name: "given-up" };
  if (stored?.ts !== undefined) return { name: "there", id: stored.ts, from: 0, refusals: 0 };
  // A record without a ts: somebody began, and nobody knows how it ended.
  const begun = stored !== undefined && shared;
  return { name: "waiting", until: 0, failures: begun ? MOST_FAILURES - 1 : 0 };
}

function standing(desk: Desk, job: Job, state: UploadState): Standing {
  const now = desk.clock.now();
  switch (state.name) {
    case "given-up":
      return { kind: "never" };
    case "there":
      return state.from > now ? { kind: "later", afterMs: state.from - now } : { kind: "there", id: state.id };
    case "working":
      return { kind: "later", afterMs: WORKING_MS };
    case "waiting":
      if (desk.scopeMissingUntil > now) return { kind: "never" };
      if (state.until > now) return { kind: "later", afterMs: state.until - now };
      desk.states.set(job.key, { name: "working" });
      desk.queue = desk.queue.then(async () => await carryOut(desk, job, state.failures));
      return { kind: "later", afterMs: WORKING_MS };
    default:
      return exhaustive(state);
  }
}

async function notYet(desk: Desk, { key, channel }: Pick<Job, "key" | "channel">): Promise<Standing> {
  const { states, clock, logger, messages } = desk;
  const state = states.get(key);
  if (state?.name === "working" || state?.name === "waiting") return { kind: "later", afterMs: WORKING_MS };
  if (state?.name !== "there") return { kind: "never" };
  const refusals = state.refusals + 1;
  const afterMs = SETTLE_MS * 2 ** refusals;
  if (refusals < MOST_REFUSALS) {
    states.set(key, { ...state, refusals, from: clock.now() + afterMs });
    return { kind: "later", afterMs };
  }
  states.set(key, { name: "given-up" });
  logger.warn("cannot show a file in slack that it took", { key, id: state.id });
  try {
    await messages.put({ key, channel, ts: state.id, digest: REFUSED });
  } catch {
    // Another replica finds out by itself.
  }
  return { kind: "never" };
}
