import type { Actor, Role } from "../../../src/access/person.ts";
import type { Bot } from "../../../src/slack/bot.ts";
import { deafObserver, type SlackRefusal } from "../../../src/slack/observer.ts";
import type { Outgoing } from "../../../src/slack/outgoing.ts";
import type { Content } from "../../../src/slack/render/content.ts";
import type { VaultCluster } from "../../../src/vault/cluster.ts";
import { unaskedOperator } from "../../vault/operator/fake-operator.ts";
import { memoryMessages, memoryRuns } from "../memory.ts";

const unasked = (): never => {
  throw new Error("the bot asked something that this test does not know");
};

/** A cluster that nobody may ask anything. */
function nameOnly(name: string): VaultCluster {
  return {
    name,
    nodes: [],
    expectedNodes: 0,
    node: unasked,
    activeNode: unasked,
    identity: unasked,
    knownIdentity: unasked,
    operator: unaskedOperator,
    product: unasked,
    close: unasked,
  };
}

/** What was shown to whom. */
export type Shown = {
  readonly how: "whisper" | "direct";
  readonly to: string;
  readonly where: string;
  readonly content: Content;
};

/** A bot of which only what hygiene needs is there; everything else throws. */
export function fakeBot(change: Partial<Pick<Outgoing, "whisper" | "direct" | "deleteAsUser">> = {}) {
  const shown: Shown[] = [];
  const refused: SlackRefusal[] = [];
  const logs: string[] = [];
  const log = (message: string, facts?: object): void => void logs.push(`${message} ${JSON.stringify(facts ?? {})}`);
  const outgoing: Outgoing = {
    post: unasked,
    update: unasked,
    respond: unasked,
    openView: unasked,
    updateView: unasked,
    publishHome: unasked,
    upload: unasked,
    permalink: unasked,
    findKeys: unasked,
    whoAmI: unasked,
    viewErrors: unasked,
    deleteAsUser: undefined,
    whisper: async ({ channel, threadTs }, to, content) => {
      await Promise.resolve(shown.push({ how: "whisper", to, where: `${channel}/${threadTs ?? ""}`, content }));
    },
    direct: async (to, content) => {
      await Promise.resolve(shown.push({ how: "direct", to, where: to, content }));
    },
    ...change,
  };
  const runs = memoryRuns();
  const messages = memoryMessages();
  const bot: Bot = {
    runs,
    messages,
    outgoing,
    observer: { ...deafObserver, refused: (reason) => void refused.push(reason) },
    alerts: { put: unasked, get: unasked, list: unasked },
    outbox: { note: unasked, due: unasked, nextDueAt: unasked, settle: unasked, backlog: unasked, watch: unasked },
    inbox: { first: unasked },
    insight: { cluster: unasked, backups: unasked, leases: unasked, drills: unasked },
    catalog: unasked,
    match: unasked,
    identify: unasked,
    inTurn: unasked,
    clusters: [nameOnly("prod"), nameOnly("staging")],
    channel: "C0INCIDENTS",
    channelOf: (cluster) => (cluster === "staging" ? "C0STAGING" : "C0INCIDENTS"),
    externalUrl: "https://sealwatch.example",
    clock: { now: unasked },
    logger: { debug: log, info: log, warn: log, error: log },
  };
  return { bot, runs, messages, shown, refused, logs };
}

/** Somebody who presses a button. */
export function clickOf(slackId: string, value: string, role?: Role) {
  const actor: Actor = { id: slackId, name: slackId, role, groups: [] };
  const identify = async (): Promise<Actor> => await Promise.resolve(actor);
  return { identify, slackId, value, triggerId: "1.2.x", place: { channel: "C0INCIDENTS", threadTs: undefined } };
}
