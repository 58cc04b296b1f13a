import type { Timestamp } from "../../../src/lib/clock.ts";
import type { LogFacts, Logger } from "../../../src/lib/logger.ts";
import { Secret } from "../../../src/lib/secret.ts";
import type { TimedLock } from "../../../src/lib/timed-lock.ts";
import type { AlertGroup, Outbox } from "../../../src/runner/ports.ts";
import { startSlackStandIn, type SlackStandIn, type SlackStandInOptions } from "../../../src/sandbox/slack/stand-in.ts";
import type { Outgoing } from "../../../src/slack/outgoing.ts";
import { createOutgoing } from "../../../src/slack/outgoing/create-outgoing.ts";
import { createPublisher, type Publisher, type PublisherOptions } from "../../../src/slack/publish/publisher.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import { memoryAlerts, memoryMessages, memoryRuns, USERS } from "../memory.ts";
import { runbook, T0 } from "../timeline.ts";
import { virtualTime, type VirtualTime } from "../virtual-time.ts";
import { APP_TOKEN, BOT_TOKEN, CHANNEL, littleInsight, until } from "../world.ts";

/** A call of the Web API as it was made: which, about what (keys of a post, ts of an edit), and when by the one clock. */
export type Call = {
  readonly method: "post" | "update" | "findKeys" | "whoAmI" | "permalink";
  readonly about: string;
  readonly at: Timestamp;
};

/** A Slack, the stores, and publishers between them; one clock for all. Nothing here waits in earnest. */
export type Press = AsyncDisposable & {
  readonly slack: SlackStandIn;
  readonly runs: ReturnType<typeof memoryRuns>;
  readonly messages: ReturnType<typeof memoryMessages>;
  readonly alerts: ReturnType<typeof memoryAlerts>;
  readonly outbox: Outbox;
  readonly lock: TimedLock;
  readonly logs: readonly string[];
  readonly time: VirtualTime;
  readonly calls: readonly Call[];
  readonly outgoing: Pick<Outgoing, Call["method"]>;
  publisher: Publisher;
  /** Makes another publisher over the same stores; it is not started. */
  readonly another: (change?: Partial<PublisherOptions>) => Publisher;
  /** Ends the publisher and starts another. */
  readonly restart: () => Promise<void>;
  readonly idle: () => Promise<void>;
  readonly alert: (group: AlertGroup) => Promise<void>;
};

/** What may be different. */
export type PressOptions = {
  readonly publisher?: Partial<PublisherOptions>;
  readonly slack?: Partial<SlackStandInOptions>;
  /** Do not start the publisher. */
  readonly still?: boolean;
};

export async function openPress(change: PressOptions = {}): Promise<Press> {
  let inFlight = 0;
  const time = virtualTime(T0, () => inFlight > 0);
  const { clock, timers, delay } = time;
  const slack = await startSlackStandIn({
    users: USERS,
    channel: { id: CHANNEL, name: "vault-incidents" },
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    clock,
    ...change.slack,
  });
  const { outbox, timedLock: lock } = createMemoryStore();
  const noting = { outbox, clock };
  const stores = { runs: memoryRuns(noting), messages: memoryMessages(), alerts: memoryAlerts(noting), outbox, lock };
  const logs: string[] = [];
  const logger = recorder(logs);
  const calls: Call[] = [];
  const real = createOutgoing({
    botToken: new Secret(BOT_TOKEN),
    apiUrl: slack.apiUrl,
    clock,
    logger,
    backgroundMs: 400,
  });
  const counted = <A extends readonly unknown[], T>(method: Call["method"], call: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      inFlight += 1;
      const [, about] = args;
      const what = Array.isArray(about) ? about.join(",") : about;
      calls.push({ method, about: typeof what === "string" ? what : "", at: clock.now() });
      try {
        return await call(...args);
      } finally {
        inFlight -= 1;
      }
    };
  };
  const outgoing: Pick<Outgoing, Call["method"]> = {
    post: counted("post", real.post),
    update: counted("update", real.update),
    findKeys: counted("findKeys", real.findKeys),
    whoAmI: counted("whoAmI", real.whoAmI),
    permalink: counted("permalink", real.permalink),
  };
  const another = (options: Partial<PublisherOptions> = {}): Publisher =>
    createPublisher({
      ...stores,
      outgoing,
      insight: littleInsight,
      match: matchSealed,
      offered: (group) => ({
        runbook: matchSealed(group) === undefined ? undefined : { id: runbook.id, title: runbook.title },
        others: [],
      }),
      channelOf: () => CHANNEL,
      approversOf: async (run) => ["U0ALICE", "U0BOB"].filter((id) => id !== `U0${run.startedBy.name.toUpperCase()}`),
      externalUrl: "https://sealwatch.example",
      steps: "classic",
      waits: { remindAfterMs: 5 * 60_000, escalateAfterMs: 15 * 60_000, escalateTo: undefined },
      clock,
      timers,
      delay,
      logger,
      ...change.publisher,
      ...options,
    });
  const press: Press = {
    ...stores,
    slack,
    logs,
    time,
    calls,
    outgoing,
    publisher: another(),
    another,
    restart: async () => {
      await press.publisher.stop();
      press.publisher = another();
      press.publisher.start();
    },
    idle: async () => await press.publisher.idle(),
    alert: async (group) => await press.alerts.put(group),
    [Symbol.asyncDispose]: async () => {
      await press.publisher.stop();
      await slack[Symbol.asyncDispose]();
    },
  };
  if (change.still !== true) {
    press.publisher.start();
    await untilSender(press.publisher);
  }
  return press;
}

/** Waits until a publisher is the one that sends. */
export async function untilSender(publisher: Publisher): Promise<void> {
  let isSender = false;
  await until(() => {
    void publisher.status().then((status) => (isSender = status.isSender));
    return isSender;
  });
}

/** Gives the keys of all messages that stand in a Slack; one post may stand for several. */
export function keysOf(slack: SlackStandIn): readonly string[] {
  return slack
    .messages()
    .flatMap(({ metadata }) =>
      [...JSON.stringify(metadata ?? {}).matchAll(/"key":"([^"]+)"/gu)].map(([, key]) => key ?? ""),
    );
}

/** Gives the most calls of a method that were made within any stretch of so many milliseconds. */
export function mostWithin(calls: readonly Call[], method: Call["method"], milliseconds: number): number {
  const times = calls.filter((call) => call.method === method).map(({ at }) => at);
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + milliseconds).length));
}

const matchSealed: PublisherOptions["match"] = (group) => {
  const labels = group.alerts[0]?.labels;
  if (labels?.["alertname"] !== "VaultNodeSealed") return undefined;
  return {
    runbook: runbook.id,
    inputs: { cluster: labels["vault_cluster"] ?? "", node: labels["vault_node"] ?? "" },
  };
};

function recorder(logs: string[]): Logger {
  const write =
    (level: string) =>
    (message: string, facts?: LogFacts): void =>
      void logs.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
