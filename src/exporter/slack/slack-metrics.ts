import type { Clock, Timers, Timestamp } from "../../lib/clock.ts";
import { FailureError, toFailure } from "../../lib/failure.ts";
import type { Logger } from "../../lib/logger.ts";
import type { SlackBot } from "../../slack/app.ts";
import type { SlackObserver } from "../../slack/observer.ts";
import type { Sample } from "../collector.ts";
import type { ExposedFamily } from "../expose.ts";
import { readRegistry } from "../read-registry.ts";
import { SLACK_FAMILIES, type SlackFamily } from "./slack-families.ts";
import { openSlackInstruments, type SlackInstruments, type SlackLabels } from "./slack-instruments.ts";

/** What the gauges are read from. */
export type SlackSource = Pick<SlackBot, "state" | "connections" | "status">;

/** What the metrics of Slack are made from; `kinds` and `reasons` are all that the observer can be told. */
export type SlackMetricsOptions = SlackLabels & {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
};

/** SlackMetrics hears what the bot does, and tells of it on the page of metrics. */
export type SlackMetrics = {
  readonly observer: SlackObserver;
  /** Gives every family about Slack, also before there is a bot; never rejects, and waits for the store no longer than two seconds. */
  readonly families: (bot: SlackSource | undefined) => Promise<readonly ExposedFamily[]>;
};

/** A scrape must be answered whatever the store does. */
const STORE_WITHIN_MS = 2000;

/** Creates the metrics of Slack: nothing is loaded before there is something to count, or a scrape. */
export function createSlackMetrics(options: SlackMetricsOptions): SlackMetrics {
  const { clock, logger } = options;
  let opening: Promise<SlackInstruments> | undefined;
  const open = async (): Promise<SlackInstruments> => await (opening ??= openSlackInstruments(options));
  const record = (write: (instruments: SlackInstruments) => void): void => {
    open()
      .then(write)
      .catch((error: unknown) => logger.error("cannot count what slack does", { why: toFailure(error).message }));
  };
  let heardAt: Timestamp | undefined;
  return {
    observer: { ...recorder(record), heard: () => (heardAt = clock.now()) },
    families: async (bot) => {
      const [{ registry }, sending] = await Promise.all([open(), readSending(bot, options)]);
      return [
        one(SLACK_FAMILIES.connected, Number(bot?.state() === "connected")),
        one(SLACK_FAMILIES.connections, bot?.connections()),
        one(SLACK_FAMILIES.lastHeard, inSeconds(heardAt)),
        ...sending,
        ...(await readRegistry(registry)),
      ];
    },
  };
}

function recorder(record: (write: (instruments: SlackInstruments) => void) => void): Omit<SlackObserver, "heard"> {
  let lost = 0;
  return {
    acked: (kind, seconds) =>
      record(({ interactions, ackTime }) => {
        interactions.inc({ kind });
        ackTime.observe({ kind }, seconds);
      }),
    refused: (reason) => record(({ refused }) => refused.inc({ reason })),
    called: (method, result) => record(({ calls }) => calls.inc({ method, result })),
    connection: (event) => {
      if (event === "lost") lost += 1;
      else if (lost > 0) {
        lost -= 1;
        record(({ reconnects }) => reconnects.inc());
      }
    },
  };
}

function family({ name, help, type }: SlackFamily, samples: readonly Sample[]): ExposedFamily {
  return { name, help, type, samples };
}

/** A family of one sample; of none when nobody knows the value. */
function one(of: SlackFamily, value: number | undefined): ExposedFamily {
  return family(of, value === undefined ? [] : [{ value }]);
}

function inSeconds(at: Timestamp | undefined): number | undefined {
  return at === undefined ? undefined : at / 1000;
}

/** A store that does not answer costs its own samples, and nothing else of the page. */
async function readSending(
  bot: SlackSource | undefined,
  { timers, logger }: SlackMetricsOptions,
): Promise<readonly ExposedFamily[]> {
  if (bot === undefined) return [];
  let cancel = (): void => {};
  const late = new Promise<never>((_resolve, reject) => {
    cancel = timers.after(STORE_WITHIN_MS, () => reject(new FailureError(LATE)));
  });
  try {
    const { depth, oldestAt, awaySince, isSender } = await Promise.race([bot.status(), late]);
    return [
      one(SLACK_FAMILIES.sender, Number(isSender)),
      one(SLACK_FAMILIES.away, Number(awaySince !== undefined)),
      one(SLACK_FAMILIES.outbox, depth),
      one(SLACK_FAMILIES.oldest, inSeconds(oldestAt)),
    ];
  } catch (error) {
    logger.error("what waits for slack could not be read for its metrics", { why: toFailure(error).message });
    return [];
  } finally {
    cancel();
  }
}

const LATE = {
  reason: "timeout",
  retryable: true,
  message: "cannot read the outbox for its metrics: the store did not answer in 2s; look at it",
} as const;
