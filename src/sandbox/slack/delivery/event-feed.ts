import type { Clock } from "../../../lib/clock.ts";
import type { StandInApp } from "../methods/method.ts";
import type { Part } from "../part.ts";
import type { Workspace } from "../workspace.ts";
import type { Courier } from "./courier.ts";
import type { Delivery, Retry } from "./delivery.ts";

/** How an event is to be delivered: under an id of the test's own, or as if it had been delivered so often before. */
export type EventOptions = { readonly eventId?: string; readonly retry?: number };

/** EventFeed delivers events, and delivers them again while they are not acked: at once, after one minute and after five. */
export type EventFeed = {
  /** Delivers an event; gives what became of it after the retry that follows at once. */
  readonly publish: (event: Part, options?: EventOptions) => Promise<Delivery>;
  /** Delivers everything that waits for its next try, without waiting for its time. */
  readonly redeliver: () => Promise<void>;
  /** How many events wait for another try. */
  readonly waiting: () => number;
  readonly close: () => void;
};

/** What a feed is made of. */
export type EventFeedOptions = {
  readonly courier: Courier;
  readonly workspace: Workspace;
  readonly app: StandInApp;
  readonly clock: Clock;
};

/** Milliseconds between the first try and the second retry, and then the third. */
export const RETRY_AFTER_MS = [0, 60_000, 5 * 60_000] as const;
const LOOK_MS = 250;

type Unacked = { readonly payload: Part; readonly retry: Retry; readonly dueAt: number };

/** Makes the feed; it looks at the clock four times a second. */
export function createEventFeed({ courier, workspace, app, clock }: EventFeedOptions): EventFeed {
  const unacked = new Set<Unacked>();
  const deliver = async (payload: Part, retry: Retry | undefined): Promise<Delivery> => {
    const result = await courier.attempt({ kind: "events_api", payload, ...(retry === undefined ? {} : { retry }) });
    if (result.outcome === "acked") return result;
    const num = (retry?.num ?? 0) + 1;
    const after = RETRY_AFTER_MS[num - 1];
    if (result.noRetry || after === undefined) return { outcome: "dispatch_failed" };
    const next = { num, reason: result.reason };
    if (after === 0) return await deliver(payload, next);
    unacked.add({ payload, retry: next, dueAt: clock.now() + after });
    return { outcome: "dispatch_failed" };
  };
  const again = async (due: (held: Unacked) => boolean): Promise<void> => {
    const chosen = [...unacked].filter(due);
    for (const held of chosen) unacked.delete(held);
    await Promise.all(chosen.map(async ({ payload, retry }) => await deliver(payload, retry)));
  };
  const timer = setInterval(() => void again(({ dueAt }) => dueAt <= clock.now()), LOOK_MS).unref();
  return {
    publish: async (event, { eventId = workspace.nextId("Ev"), retry = 0 } = {}) =>
      await deliver(
        wrapEvent({ app, clock, event, eventId }),
        retry === 0 ? undefined : { num: retry, reason: "http_timeout" },
      ),
    redeliver: async () => await again(() => true),
    waiting: () => unacked.size,
    close: () => clearInterval(timer),
  };
}

type Wrapped = {
  readonly app: StandInApp;
  readonly clock: Clock;
  readonly event: Part;
  readonly eventId: string;
};

function wrapEvent({ app, clock, event, eventId }: Wrapped): Part {
  return {
    token: "stand-in-verification-token",
    team_id: app.teamId,
    context_team_id: app.teamId,
    context_enterprise_id: app.enterpriseId ?? null,
    api_app_id: app.appId,
    event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(clock.now() / 1000),
    authorizations: [
      {
        enterprise_id: app.enterpriseId ?? null,
        team_id: app.teamId,
        user_id: app.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
  };
}
