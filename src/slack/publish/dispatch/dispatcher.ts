import type { Timestamp } from "../../../lib/clock.ts";
import { toFailure } from "../../../lib/failure.ts";
import type { Step } from "../plan/plan.ts";
import { createAvailability } from "./availability.ts";
import { createBackoff } from "./backoff.ts";
import { chooseSteps } from "./choose-steps.ts";
import type { Desk, DispatcherOptions } from "./desk.ts";
import { reactTo } from "./react-to.ts";
import { dropStep, makeStale, openSubject, type OpenSubject } from "./subject.ts";
import { createWake } from "./wake.ts";

/** Dispatcher makes true whatever is due in the outbox, for as long as this replica may. */
export type Dispatcher = {
  /** Works until the signal ends, and what is under way is over. Never rejects. */
  readonly work: () => Promise<void>;
  /** Says that something may be due. */
  readonly look: () => void;
  readonly awaySince: () => Timestamp | undefined;
};

/** The outbox is read at least this often: other replicas change it, too. */
const POLL_MS = 1000;
const MOST_SUBJECTS = 2000;
const PLANS_AT_ONCE = 8;
/** A plan of this age is as good as a new one. */
const FRESH_MS = 50;

/** Makes a dispatcher with nothing in hand. */
export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { signal, delay, timers } = options;
  const wake = createWake(delay, timers);
  const desk: Desk = {
    ...options,
    subjects: new Map(),
    underWay: new Map(),
    backoff: createBackoff(options.clock),
    availability: createAvailability({ ...options, onBack: wake.ring }),
    careful: new Map(),
    ring: wake.ring,
    work: new Set(),
    unread: true,
    readAt: 0,
  };
  const look = (): void => {
    desk.unread = true;
    wake.ring();
  };
  const round = async (): Promise<void> => {
    const dueMs = (await readOutbox(desk)) ? startWork(desk) : POLL_MS;
    await wake.sleep(POLL_MS, dueMs);
  };
  signal.addEventListener("abort", wake.ring, { once: true });
  return {
    work: async () => {
      while (!signal.aborted) await round();
      await Promise.all(desk.work);
    },
    look,
    awaySince: desk.availability.awaySince,
  };
}

/** Says whether it could be read. */
async function readOutbox(desk: Desk): Promise<boolean> {
  const { outbox, subjects, clock, logger, onQuiet } = desk;
  if (!desk.unread && clock.now() - desk.readAt < POLL_MS) return true;
  desk.unread = false;
  desk.readAt = clock.now();
  try {
    for (const item of await outbox.due(clock.now(), MOST_SUBJECTS)) {
      const known = subjects.get(item.subject);
      if (known === undefined) subjects.set(item.subject, openSubject(item, clock.now()));
      else if (known.item.revision !== item.revision) {
        known.item = item;
        makeStale(known);
      }
    }
  } catch (error) {
    desk.unread = true;
    logger.error("cannot read what slack should show; trying again", { error: toFailure(error).message });
    return false;
  }
  if (subjects.size === 0) onQuiet();
  return true;
}

/** Begins what can be begun; gives after how many milliseconds there will be more, if that is foreseen. */
function startWork(desk: Desk): number | undefined {
  const { subjects, availability, clock, backoff, signal } = desk;
  if (availability.awaySince() !== undefined || signal.aborted) return undefined;
  const now = clock.now();
  const stale = [...subjects.values()].filter(({ state }) => state === "stale");
  const ready = stale.filter(({ item }) => backoff.until(item.subject) <= now).toSorted(runsFirst);
  const planning = [...subjects.values()].filter(({ state }) => state === "planning").length;
  for (const subject of ready.slice(0, PLANS_AT_ONCE - planning)) track(desk, plan(desk, subject));
  const { chosen, nextAt } = chooseSteps(desk);
  for (const { step, subject } of chosen) track(desk, carryOut(desk, step, subject));
  const later = [nextAt, ...stale.map(({ item }) => backoff.until(item.subject))].filter((at) => at > now);
  const next = Math.min(...later);
  return Number.isFinite(next) ? next - now : undefined;
}

/** A gate must not wait until a storm of alerts is planned. */
function runsFirst(left: OpenSubject, right: OpenSubject): number {
  const isRun = ({ item }: OpenSubject): boolean => item.subject.startsWith("run:");
  return Number(isRun(right)) - Number(isRun(left));
}

function track({ work, ring }: Desk, one: Promise<void>): void {
  const settled: Promise<void> = one.finally(() => {
    work.delete(settled);
    ring();
  });
  work.add(settled);
}

/** Plans a subject; one of which everything is true is taken off the list. */
async function plan(desk: Desk, subject: OpenSubject): Promise<void> {
  const { outbox, subjects, backoff, clock, planOf, logger } = desk;
  const { item } = subject;
  subject.state = "planning";
  subject.again = false;
  try {
    const { steps, againAt } = await planOf(item);
    subject.steps = steps;
    subject.plannedAt = clock.now();
    subject.state = subject.again ? "stale" : "planned";
    backoff.worked(item.subject);
    if (steps.length > 0 || subject.again) return;
    if (await outbox.settle(item, againAt)) subjects.delete(item.subject);
    else makeStale(subject);
    desk.unread = true;
  } catch (error) {
    subject.state = "stale";
    const failures = backoff.failed(item.subject);
    const { message } = toFailure(error);
    logger.warn("cannot bring slack messages up to date; trying again", {
      subject: item.subject,
      failures,
      error: message,
    });
  }
}

/** Makes a step's call if it still has to be made. */
async function carryOut(desk: Desk, step: Step, subject: OpenSubject): Promise<void> {
  const { underWay, lanes, clock, backoff, subjects, signal } = desk;
  underWay.set(step.id, step.lane);
  const giveBack = lanes(step.lane).take(clock.now());
  try {
    const fresh = await freshStep(desk, step, subject);
    if (fresh === undefined || signal.aborted) return giveBack();
    await fresh.carryOut();
    backoff.worked(step.id);
  } catch (error) {
    reactTo(desk, step, error);
  } finally {
    underWay.delete(step.id);
    for (const each of subjects.values()) dropStep(each, step.id);
  }
}

/** What waited in a queue is drawn anew, so that the latest state is sent. */
async function freshStep(desk: Desk, step: Step, subject: OpenSubject): Promise<Step | undefined> {
  const { clock, planOf } = desk;
  if (subject.state === "planned" && clock.now() - subject.plannedAt <= FRESH_MS) return step;
  const { steps } = await planOf(subject.item);
  return steps.find(({ id, lane, notBefore }) => id === step.id && lane === step.lane && notBefore <= clock.now());
}
