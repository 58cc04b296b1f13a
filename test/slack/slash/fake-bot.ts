import type { types } from "@slack/bolt";
import { silentLogger } from "../../../src/lib/logger.ts";
import { Runbook } from "../../../src/runbook/schema.ts";
import { checkMessage, checkView } from "../../../src/sandbox/slack/check-payload.ts";
import type { Bot } from "../../../src/slack/bot.ts";
import type { ClusterFacts, Insight } from "../../../src/slack/insight.ts";
import { deafObserver, type SlackRefusal } from "../../../src/slack/observer.ts";
import type { OpenedView, Outgoing } from "../../../src/slack/outgoing.ts";
import { fitted } from "../../../src/slack/outgoing/fitted.ts";
import { createTurns } from "../../../src/slack/publish/turns.ts";
import { clean } from "../../../src/slack/render/clean.ts";
import { fitView } from "../../../src/slack/render/limits.ts";
import { answerSlash } from "../../../src/slack/slash/index.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { identify, memoryAlerts, memoryMessages, memoryRuns, type MemoryRuns } from "../memory.ts";
import { runbook, T0 } from "../timeline.ts";
import { clusterOf } from "../world.ts";

/** A bot whose Slack only checks what it is sent, by the stand-in's limits, and remembers it. */
export type FakeBot = Bot & {
  readonly runs: MemoryRuns;
  readonly alerts: ReturnType<typeof memoryAlerts>;
  readonly messages: ReturnType<typeof memoryMessages>;
  /** Every view that was opened or changed, as Slack got it. */
  readonly views: types.ModalView[];
  readonly refusals: SlackRefusal[];
  /** What happened to Slack and people's identity, in order. */
  readonly order: string[];
};

export const CHANNEL = "C0INCIDENTS";

/** Three nodes: the first leads, the last is sealed. */
export function factsOf(
  cluster: Pick<VaultCluster, "name" | "nodes">,
  change: Partial<ClusterFacts> = {},
): ClusterFacts {
  const last = cluster.nodes.length - 1;
  return {
    cluster: cluster.name,
    at: T0,
    sealType: "shamir",
    margin: 0,
    nodes: cluster.nodes.map(({ name }, index) =>
      index > 0 && index === last
        ? { name, state: "sealed", version: "2.4.0", progress: { entered: 1, threshold: 3 } }
        : { name, state: index === 0 ? "active" : "standby", version: "2.4.0" },
    ),
    ...change,
  };
}

function insightOf(clusters: readonly VaultCluster[]): Insight {
  return {
    cluster: async (name) => {
      const found = clusters.find((cluster) => cluster.name === name);
      return await Promise.resolve(found === undefined ? undefined : factsOf(found));
    },
    backups: async () => [],
    leases: async (cluster) => ({ cluster, at: T0, total: 12, irrevocable: 0, byMount: [], why: undefined }),
    drills: async () => [],
  };
}

const unasked = (): never => {
  throw new Error("the test's bot was asked to do something that it does not know");
};

export function fakeBot(change: Partial<Bot> = {}): FakeBot {
  const { outbox, inbox } = createMemoryStore();
  const clusters = change.clusters ?? [
    clusterOf("prod", ["vault-0", "vault-1", "vault-2"]),
    clusterOf("staging", ["vault-s0"]),
  ];
  const views: types.ModalView[] = [];
  const refusals: SlackRefusal[] = [];
  const order: string[] = [];
  const take = (view: types.ModalView): void => {
    const sent = fitView(clean(view));
    const refused = checkView(sent);
    if (refused !== undefined) throw new Error(`Slack refuses the view: ${JSON.stringify(refused)}`);
    views.push(sent);
  };
  const outgoing: Outgoing = {
    post: unasked,
    direct: unasked,
    update: unasked,
    whisper: unasked,
    respond: unasked,
    publishHome: unasked,
    upload: unasked,
    findKeys: unasked,
    whoAmI: unasked,
    viewErrors: unasked,
    deleteAsUser: undefined,
    permalink: async (channel, ts) =>
      await Promise.resolve(`https://stand-in.slack.com/archives/${channel}/p${ts.replace(".", "")}`),
    openView: async (_trigger, view): Promise<OpenedView> => {
      order.push("open");
      take(view);
      return await Promise.resolve({ id: "V1", hash: "h1" });
    },
    updateView: async (_opened, view) => {
      order.push("update");
      take(view);
      await Promise.resolve();
    },
  };
  return {
    runs: memoryRuns(),
    alerts: memoryAlerts(),
    messages: memoryMessages(),
    outbox,
    inbox,
    insight: insightOf(clusters),
    observer: { ...deafObserver, refused: (reason) => void refusals.push(reason) },
    catalog: () => new Map([[runbook.id, { runbook, digest: "ab".repeat(32) }]]),
    match: () => undefined,
    identify: async (slackId) => {
      order.push("identify");
      return await identify(slackId);
    },
    outgoing,
    inTurn: createTurns(),
    channel: CHANNEL,
    channelOf: () => CHANNEL,
    externalUrl: "https://sealwatch.example",
    clock: { now: () => T0 },
    logger: silentLogger,
    ...change,
    clusters,
    views,
    refusals,
    order,
  } as FakeBot;
}

/** Types `/vault <text>` and gives all that the person reads, after checking that Slack would take it; "" when a form is the answer. */
export async function type(bot: Bot, text: string, user = "U0ALICE"): Promise<string> {
  const content = await answerSlash(bot, text, {
    slackId: user,
    triggerId: "T1",
    identify: async () => await bot.identify(user),
  });
  if (content === undefined) return "";
  const sent = fitted(content);
  const refused = checkMessage(sent, "post");
  if (refused !== undefined)
    throw new Error(`Slack refuses the answer to ${text.slice(0, 80)}: ${JSON.stringify(refused)}`);
  return `${sent.text}\n${JSON.stringify(sent.blocks)}`;
}

/** A runbook of one step. */
export function runbookOf(id: string, change: Readonly<Record<string, unknown>> = {}): Runbook {
  return Runbook.parse({
    id,
    title: `How to do ${id}`,
    meaning: "What it means.",
    impact: "i",
    verify: "v",
    escalate: "e",
    inputs: {},
    steps: [{ id: "say", say: "hello" }],
    ...change,
  });
}

/** A catalog of runbooks. */
export function catalogOf(...runbooks: readonly Runbook[]): Bot["catalog"] {
  return () => new Map(runbooks.map((each) => [each.id, { runbook: each, digest: "ab".repeat(32) }]));
}
