import type { LogFacts, Logger } from "../../src/lib/logger.ts";
import { Secret } from "../../src/lib/secret.ts";
import { startSlackStandIn, type SlackStandIn } from "../../src/sandbox/slack/stand-in.ts";
import { startSlackBot, type SlackBot, type SlackBotOptions } from "../../src/slack/app.ts";
import type { VaultCluster } from "../../src/vault/cluster.ts";
import { deafObserver } from "../../src/slack/observer.ts";
import type { Insight } from "../../src/slack/insight.ts";
import { scopesFor } from "../../src/slack/setup/scopes.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { identify, memoryAlerts, memoryMessages, memoryRuns, USERS } from "./memory.ts";
import { runbook, T0 } from "./timeline.ts";
import { until } from "./until.ts";
import { unaskedOperator } from "../vault/operator/fake-operator.ts";
import { virtualTime, type VirtualTime } from "./virtual-time.ts";

export { until } from "./until.ts";

/** Made-up tokens in the forms of real ones: the canaries of every test. */
export const BOT_TOKEN = "xoxb-000000000000-made-up-canary";
export const APP_TOKEN = "xapp-1-A000-made-up-canary";
/** Of an admin who may delete what others wrote. */
export const USER_TOKEN = "xoxp-000000000000-made-up-canary";
export const CHANNEL = "C0INCIDENTS";

/** A Slack, a bot and everything between them, in memory. Time passes only when the bot waits, or a test lets it pass. */
export type World = AsyncDisposable & {
  readonly slack: SlackStandIn;
  readonly runs: ReturnType<typeof memoryRuns>;
  readonly messages: ReturnType<typeof memoryMessages>;
  readonly alerts: ReturnType<typeof memoryAlerts>;
  readonly logs: readonly string[];
  readonly waits: readonly number[];
  readonly time: VirtualTime;
  bot: SlackBot;
  readonly options: SlackBotOptions;
  /** Ends the bot and starts another over the same stores. */
  readonly restart: (change?: Partial<SlackBotOptions>) => Promise<void>;
};

/** Knows of clusters what it must and nothing else. */
export const littleInsight: Insight = {
  cluster: async () => undefined,
  backups: async () => [],
  leases: async (cluster) => ({
    cluster,
    at: undefined,
    total: undefined,
    irrevocable: undefined,
    byMount: [],
    why: "leases are not counted here",
  }),
  drills: async () => [],
};

/** Opens a world; with `sameTime` Slack's clock is the world's, else it is the real one. */
export async function openWorld(
  change: Partial<SlackBotOptions> = {},
  { sameTime = false }: { readonly sameTime?: boolean } = {},
): Promise<World> {
  const time = virtualTime(T0);
  const { clock, timers, delay, waits } = time;
  const slack = await startSlackStandIn({
    users: USERS,
    channel: { id: CHANNEL, name: "vault-incidents" },
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    userToken: USER_TOKEN,
    // What the manifest asks for is enough for everything that these tests do.
    scopes: scopesFor({ mode: "socket", userGroups: true, channels: "public", deletion: true }, "bot"),
    clock: sameTime ? clock : { now: () => Date.now() },
  });
  const { outbox, inbox, timedLock } = createMemoryStore();
  const noting = { outbox, clock };
  const stores = {
    runs: memoryRuns(noting),
    messages: memoryMessages(),
    alerts: memoryAlerts(noting),
    outbox,
    inbox,
    lock: timedLock,
  };
  const logs: string[] = [];
  const options: SlackBotOptions = {
    ...stores,
    insight: littleInsight,
    observer: deafObserver,
    timers,
    config: {
      appToken: new Secret(APP_TOKEN),
      botToken: new Secret(BOT_TOKEN),
      channel: CHANNEL,
      apiUrl: slack.apiUrl,
    },
    catalog: () => new Map([[runbook.id, { runbook }]]),
    clusters: [clusterOf("prod", ["vault-0", "vault-1", "vault-2"]), clusterOf("staging", ["vault-s0"])],
    identify,
    approvers: async () => {
      const found = await Promise.all(
        USERS.map(async ({ id }) => ({
          slackId: id,
          personId: (await identify(id)).id,
          role: (await identify(id)).role,
        })),
      );
      return found.filter(({ role }) => ["approver", "admin"].includes(role ?? ""));
    },
    match: (group) => {
      const labels = group.alerts[0]?.labels;
      if (labels?.["alertname"] !== "VaultNodeSealed") return undefined;
      return {
        runbook: runbook.id,
        inputs: { cluster: labels["vault_cluster"] ?? "", node: labels["vault_node"] ?? "" },
      };
    },
    clock,
    logger: recorder(logs),
    externalUrl: "https://sealwatch.example",
    delay,
    ...change,
  };
  const start = async (chosen: SlackBotOptions): Promise<SlackBot> => {
    const bot = await startSlackBot(chosen);
    await until(() => bot.state() === "connected");
    return bot;
  };
  const world: World = {
    ...stores,
    slack,
    options,
    logs,
    waits,
    time,
    bot: await start(options),
    restart: async (again = {}) => {
      await world.bot.stop();
      world.bot = await start({ ...options, ...again });
    },
    [Symbol.asyncDispose]: async () => {
      await world.bot.stop();
      await slack[Symbol.asyncDispose]();
    },
  };
  return world;
}

function recorder(logs: string[]): Logger {
  const write =
    (level: string) =>
    (message: string, facts?: LogFacts): void =>
      void logs.push(`${level} ${message} ${JSON.stringify(facts ?? {})}`);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

const unasked = (): never => {
  throw new Error("the test's cluster was asked something that it does not know");
};

/** A message as tests look for it: it may not be there, and then everything below throws. */
type Found = { readonly text: string; readonly blocks: readonly unknown[] } | undefined;

/** All text of a message: its fallback and its blocks. */
export function textOf(message: Found): string {
  if (message === undefined) throw new Error("there is no such message");
  return `${message.text}\n${JSON.stringify(message.blocks)}`;
}

/** The `action_id`s of a message's buttons. */
export function buttonsOf(message: Found): readonly string[] {
  return [...textOf(message).matchAll(/"action_id":"([^"]+)"/gu)].map(([, id]) => id ?? "");
}

/** Finds the message that was posted under a key. */
export function byKey(key: string): (message: { readonly metadata: unknown }) => boolean {
  return (message) => JSON.stringify(message.metadata ?? {}).includes(`"key":"${key}"`);
}

/** A cluster of which the first node leads, the last is sealed and any other stands by. */
export function clusterOf(name: string, nodes: readonly string[]): VaultCluster {
  const seal = {
    type: "shamir",
    initialized: true,
    threshold: 3,
    shares: 5,
    nonce: "",
    version: "2.4.0",
    migration: false,
    recoverySeal: false,
    storageType: "raft",
    removedFromCluster: undefined,
    clusterName: undefined,
    clusterId: undefined,
  };
  const built: VaultCluster["nodes"] = nodes.map((node, index) => ({
    name: node,
    raftNodeId: node,
    address: `http://${node}`,
    sealStatus: async () =>
      await Promise.resolve({ ...seal, sealed: index > 0 && index === nodes.length - 1, progress: index > 0 ? 1 : 0 }),
    leader: async () =>
      await Promise.resolve({
        haEnabled: true,
        isSelf: index === 0,
        activeTime: undefined,
        leaderAddress: `http://${nodes[0]}`,
        leaderClusterAddress: "",
        raftCommittedIndex: undefined,
        raftAppliedIndex: undefined,
      }),
    health: unasked,
    probeListener: unasked,
    raftConfiguration: unasked,
    autopilotState: unasked,
    irrevocableLeases: unasked,
    read: unasked,
    stream: unasked,
    operateCapabilities: unasked,
    removeRaftPeer: unasked,
    stepDown: unasked,
    seal: unasked,
    rotateKeyring: unasked,
    revokeAccessor: unasked,
    revokePrefix: unasked,
    setRateLimitQuota: unasked,
    deleteRateLimitQuota: unasked,
    disableAuditDevice: unasked,
    streamRaftSnapshot: unasked,
  }));
  return {
    name,
    nodes: built,
    expectedNodes: built.length,
    node: unasked,
    activeNode: unasked,
    identity: unasked,
    knownIdentity: unasked,
    operator: unaskedOperator,
    product: unasked,
    close: async () => {},
  };
}
