import { redact } from "../../lib/redact.ts";
import { PASSING, sortSlackError, type SlackFailure } from "../slack-error.ts";
import { MOST_FAILURES, RETRY_MS, SETTLE_MS, type Desk, type Job } from "./job.ts";

const LONGEST_RETRY_MS = 60_000;
const POSTPONED_MS = 30_000;
const NO_SCOPE_MS = 10 * 60_000;

/** Carries a job out and notes how it ended. Never throws: the next job waits for it. */
export async function carryOut(desk: Desk, job: Job, failures: number): Promise<void> {
  if (desk.scopeMissingUntil > desk.clock.now()) {
    desk.states.set(job.key, { name: "waiting", until: desk.scopeMissingUntil, failures });
    return;
  }
  let bytes: Uint8Array;
  try {
    bytes = await job.prepare();
  } catch (error) {
    desk.logger.warn("cannot make a file for slack", { key: job.key, error: redact(String(error)) });
    desk.states.set(job.key, { name: "given-up" });
    return;
  }
  try {
    await begin(desk, job);
  } catch (error) {
    postpone(desk, job, sortSlackError(error), failures);
    return;
  }
  try {
    await upload(desk, job, bytes);
  } catch (error) {
    noteFailure(desk, job, sortSlackError(error), failures);
  }
}

/** Whoever finds the record without a ts knows that it may have happened. */
async function begin({ messages }: Desk, { key, channel, shared, check }: Job): Promise<void> {
  await check?.();
  if (shared) await messages.put({ key, channel, ts: undefined, digest: "begun" });
}

async function upload(desk: Desk, { key, channel, send }: Job, bytes: Uint8Array): Promise<void> {
  const { messages, clock, states, logger } = desk;
  const { id } = await send(bytes);
  desk.scopeMissingUntil = 0;
  states.set(key, { name: "there", id, from: clock.now() + SETTLE_MS, refusals: 0 });
  try {
    await messages.put({ key, channel, ts: id, digest: "uploaded" });
  } catch (error) {
    // It costs a second upload after a restart, no more.
    logger.warn("cannot remember a file that was uploaded to slack", { key, error: redact(String(error)) });
  }
}

/** Slack or the store did not answer, and nothing happened: that counts for nothing. */
function postpone({ states, clock }: Desk, { key }: Job, failure: SlackFailure, failures: number): void {
  const waitMs = failure.kind === "rate-limited" ? failure.waitMs : POSTPONED_MS;
  states.set(key, { name: "waiting", until: clock.now() + waitMs, failures });
}

function noteFailure(desk: Desk, { key, shared }: Job, failure: SlackFailure, failures: number): void {
  const { states, clock, logger } = desk;
  const wait = (waitMs: number, counted: number): void =>
    states.set(key, { name: "waiting", until: clock.now() + waitMs, failures: counted });
  if (failure.kind === "rate-limited") {
    wait(failure.waitMs, failures);
    return;
  }
  if (failure.kind === "refused" && failure.error === "missing_scope") {
    // Said once, not for every picture.
    if (desk.scopeMissingUntil === 0) logger.warn("cannot show pictures and files in slack: the bot lacks files:write");
    desk.scopeMissingUntil = clock.now() + NO_SCOPE_MS;
    wait(NO_SCOPE_MS, failures);
    return;
  }
  const refused = failure.kind === "refused" && !PASSING.has(failure.error);
  const last = refused || failures + 1 >= MOST_FAILURES;
  if (failures === 0 || last) logger.warn("cannot upload a file to slack", { key, error: redact(failure.error), last });
  if (last) states.set(key, { name: "given-up" });
  // What people may see already is repeated once.
  else wait(Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** failures), shared ? MOST_FAILURES - 1 : failures + 1);
}
