import type { Actor } from "../../../src/access/person.ts";
import type { Bot } from "../../../src/slack/bot.ts";
import type { Click } from "../../../src/slack/buttons/button.ts";
import { deafObserver } from "../../../src/slack/observer.ts";
import { fitView } from "../../../src/slack/render/limits.ts";
import { createTurns } from "../../../src/slack/publish/turns.ts";
import { checkView } from "../../../src/sandbox/slack/check-payload.ts";
import { memoryAlerts, memoryRuns } from "../memory.ts";
import { GROUP_KEY, runbook, T0 } from "../timeline.ts";
import { clusterOf } from "../world.ts";

type View = Parameters<Bot["outgoing"]["openView"]>[1];

/** A bot whose Slack is two functions, and the order in which things happened. */
export type FakeBot = {
  readonly bot: Bot;
  readonly runs: ReturnType<typeof memoryRuns>;
  readonly alerts: ReturnType<typeof memoryAlerts>;
  /** `open`, `read`, `identify`, `ask`, `update`. */
  readonly order: readonly string[];
  readonly opened: readonly View[];
  /** The `callback_id` of what the modal shows last: undefined while it loads, and of a mere notice. */
  readonly form: () => string | undefined;
  /** What the modal remembers. */
  readonly memory: () => object;
  /** What the modal shows last. */
  readonly shown: () => string;
  readonly logs: readonly string[];
  readonly refusals: readonly string[];
  readonly click: (value: string) => Click;
  /** What Slack answers to `views.open` and `views.update`; default: it takes them. */
  slack: { open?: Error; update?: Error };
};

const unasked = (): never => {
  throw new Error("the test's Slack was asked something that it does not know");
};

export function fakeBot(change: Partial<Bot> = {}, role: Actor["role"] = "responder"): FakeBot {
  const runs = memoryRuns();
  const alerts = memoryAlerts();
  const order: string[] = [];
  const opened: View[] = [];
  const updated: View[] = [];
  const logs: string[] = [];
  const refusals: string[] = [];
  const slack: FakeBot["slack"] = {};
  const take = (views: View[], view: View, refusal: Error | undefined): void => {
    if (refusal !== undefined) throw refusal;
    const problem = checkView(fitView(view));
    if (problem !== undefined) throw new Error(`Slack would not take this: ${problem.details.join(", ")}`);
    views.push(view);
  };
  const openView = async (_trigger: string, view: View): Promise<{ id: string; hash: string }> => {
    order.push("open");
    take(opened, view, slack.open);
    return await Promise.resolve({ id: "V1", hash: "1" });
  };
  const updateView = async (_opened: unknown, view: View): Promise<void> => {
    order.push("update");
    take(updated, view, slack.update);
    await Promise.resolve();
  };
  const watched = <T extends (...given: never[]) => Promise<unknown>>(what: string, call: T): T =>
    (async (...given: Parameters<T>) => {
      order.push(what);
      return await call(...given);
    }) as T;
  const who = async (): Promise<Actor> => {
    order.push("identify");
    return await Promise.resolve({ id: "bob", name: "bob", role, groups: [] });
  };
  const bot: Bot = {
    runs: {
      ...runs,
      get: watched("read", runs.get),
      ask: watched("ask", runs.ask),
      start: watched("start", runs.start),
    },
    alerts: { ...alerts, list: watched("read", alerts.list) },
    messages: { get: unasked, put: unasked, list: unasked },
    outbox: { note: unasked, due: unasked, nextDueAt: unasked, settle: unasked, backlog: unasked, watch: unasked },
    inbox: { first: unasked },
    insight: { cluster: unasked, backups: unasked, leases: unasked, drills: unasked },
    observer: { ...deafObserver, refused: (reason) => void refusals.push(reason) },
    catalog: () => new Map([[runbook.id, { runbook }]]),
    clusters: [clusterOf("prod", ["vault-0"]), clusterOf("staging", ["vault-s0"])],
    match: (group) =>
      group.key === GROUP_KEY ? { runbook: runbook.id, inputs: { cluster: "prod", node: "vault-2" } } : undefined,
    identify: who,
    outgoing: {
      openView,
      updateView,
      post: unasked,
      update: unasked,
      direct: unasked,
      whisper: unasked,
      respond: unasked,
      publishHome: unasked,
      upload: unasked,
      permalink: unasked,
      findKeys: unasked,
      deleteAsUser: undefined,
      whoAmI: unasked,
      viewErrors: unasked,
    },
    inTurn: createTurns(),
    channel: "C0INCIDENTS",
    channelOf: () => "C0INCIDENTS",
    externalUrl: "https://sealwatch.example",
    clock: { now: () => T0 + 5000 },
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message, facts) => void logs.push(`${message} ${JSON.stringify(facts)}`),
      error: (message, facts) => void logs.push(`${message} ${JSON.stringify(facts)}`),
    },
    ...change,
  };
  return {
    bot,
    runs,
    alerts,
    order,
    opened,
    logs,
    refusals,
    slack,
    form: () => updated.at(-1)?.callback_id,
    memory: () => JSON.parse(updated.at(-1)?.private_metadata ?? "{}") as object,
    shown: () => JSON.stringify(updated.at(-1)?.blocks ?? "nothing was shown"),
    click: (value) => ({
      identify: who,
      slackId: "U0BOB",
      value,
      triggerId: "1.2.3",
      place: { channel: "C0INCIDENTS", threadTs: "1.000100" },
    }),
  };
}
