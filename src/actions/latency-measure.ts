import { FailureError } from "../lib/failure.ts";
import type { VaultNode } from "../vault/cluster.ts";
import { sysHostInfo, type HostInfo } from "../vault/endpoints/sys-host-info.ts";
import { sysInFlightReq } from "../vault/endpoints/sys-in-flight-req.ts";
import { sysMetrics } from "../vault/endpoints/sys-metrics.ts";
import { sysMounts } from "../vault/endpoints/sys-mounts.ts";
import { tokenLookupSelf } from "../vault/endpoints/token-lookup-self.ts";
import type { ActionContext } from "./action.ts";
import { nodeRead } from "./node-read.ts";
import { pause } from "./pause.ts";
import { crowdOf, type Look } from "./latency-crowd.ts";
import type { Follower, LatencyFacts, NoMetrics, Timed } from "./latency-facts.ts";
import { hostBetween } from "./host-between.ts";
import { readTotals, type Totals } from "./metric-totals.ts";
import { requestsOnMount, spentOn, workedBetween } from "./latency-worked.ts";

/** From the first reading of the metrics to the second. Half of a step's time: each of the readings may need 2 s more. */
const WINDOW_MS = 4500;
/** Own requests begin so often and so long: the last of them has its answer, or its 2 s, before the step's time is over. */
const ROUND_MS = 500;
const ROUNDS_MS = 3000;

/** Everything that was measured, with the leader by whom. */
export type Measured = { readonly leader: VaultNode; readonly facts: LatencyFacts };

/** Measures a cluster for some seconds: reads nothing but what changes nothing. Throws reason `no-leader`. */
export async function measureLatency(context: ActionContext): Promise<Measured> {
  const { cluster, clock } = context;
  const leader = await cluster.activeNode(nodeRead(context));
  const others = cluster.nodes.filter(({ name }) => name !== leader.name);
  const begun = clock.now();
  const [first, rounds, mounts] = await Promise.all([
    takePicture(context, leader, others),
    askInRounds(context, { leader, others, begun }),
    tryRead(context, async () => await leader.read(sysMounts, nodeRead(context))),
  ]);
  await pause(context, begun + WINDOW_MS - clock.now());
  // Metrics that got no answer once are not asked for again: that they hang is what is to be said.
  // Nor is a follower that gave none, which may hang for the same time once more.
  const told = others.filter(({ name }) => first.others.has(name));
  const last = typeof first.page === "string" ? first : await takePicture(context, leader, told);
  const seconds = (last.at - first.at) / 1000;
  const pages = bothOf(first.page, last.page, seconds);
  const paths = typeof mounts === "string" ? [] : mounts.map(({ path }) => path);
  const perSecond = (mount: string): number | undefined =>
    typeof pages === "string" ? undefined : requestsOnMount(pages, mount);
  return {
    leader,
    facts: {
      seconds,
      worked: typeof pages === "string" ? pages : workedBetween(pages),
      own: { health: rounds.health, read: rounds.read },
      followers: rounds.followers.map(({ name, timed }) => followerOf({ name, timed, first, last, seconds })),
      crowd: crowdOf(rounds.looks, { paths, perSecond }),
      host: hostBetween(first.host, last.host),
    },
  };
}

/** Pages of all nodes at one moment, as far as they answered. */
type Picture = {
  readonly at: number;
  readonly page: Totals | NoMetrics;
  readonly host: HostInfo | undefined;
  readonly others: ReadonlyMap<string, Totals>;
};

async function takePicture(context: ActionContext, leader: VaultNode, others: readonly VaultNode[]): Promise<Picture> {
  const [page, host, pages] = await Promise.all([
    tryRead(context, async () => await readPage(context, leader)),
    tryRead(context, async () => await leader.read(sysHostInfo, nodeRead(context))),
    Promise.all(others.map(async (node) => await tryRead(context, async () => await readPage(context, node)))),
  ]);
  const told = others.flatMap(({ name }, index) => {
    const own = pages[index];
    return own === undefined || typeof own === "string" ? [] : [[name, own] as const];
  });
  return {
    at: context.clock.now(),
    page,
    host: typeof host === "string" ? undefined : host,
    others: new Map(told),
  };
}

async function readPage(context: ActionContext, node: VaultNode): Promise<Totals> {
  const { body } = await node.stream(sysMetrics, nodeRead(context));
  return await readTotals(body, node.name);
}

function bothOf(before: Totals | NoMetrics, after: Totals | NoMetrics, seconds: number) {
  if (typeof before === "string") return before;
  return typeof after === "string" ? after : { before, after, seconds };
}

type Asked = { readonly leader: VaultNode; readonly others: readonly VaultNode[]; readonly begun: number };
type Rounds = {
  readonly health: Timed;
  readonly read: Timed;
  readonly followers: readonly { readonly name: string; readonly timed: Timed }[];
  readonly looks: readonly Look[];
};

/** Two requests without an answer say what there is to say: more would only wait. */
const ENOUGH_UNANSWERED = 2;

/** Asks small things again and again, one round after the other, so that a hanging server is asked little, and a hanging follower once. */
async function askInRounds(context: ActionContext, { leader, others, begun }: Asked): Promise<Rounds> {
  const [health, read] = [new Watch(), new Watch()];
  const theirs = others.map((node) => ({ node, watch: new Watch() }));
  const looks: Look[] = [];
  for (let round = 0; round * ROUND_MS < ROUNDS_MS && context.clock.now() - begun < ROUNDS_MS; round++) {
    if (read.timed().unanswered >= ENOUGH_UNANSWERED) break;
    await pause(context, begun + round * ROUND_MS - context.clock.now());
    const [requests] = await Promise.all([
      tryRead(context, async () => await leader.read(sysInFlightReq, nodeRead(context))),
      health.time(context, async () => await leader.health(nodeRead(context))),
      read.time(context, async () => await leader.read(tokenLookupSelf, nodeRead(context))),
      ...theirs
        .filter(({ watch }) => watch.timed().unanswered === 0)
        .map(
          async ({ node, watch }) =>
            await watch.time(context, async () => await node.read(tokenLookupSelf, nodeRead(context))),
        ),
    ]);
    if (typeof requests !== "string") looks.push({ at: context.clock.now(), requests });
  }
  const followers = theirs
    .filter(({ watch }) => watch.serves)
    .map(({ node, watch }) => ({ name: node.name, timed: watch.timed() }));
  return { health: health.timed(), read: read.timed(), followers, looks };
}

/** A node that says one of these did answer, as fast as it could. */
const ANSWERS: readonly FailureError["reason"][] = ["not-found", "rate-limited", "refused", "server-error"];
/** A node that says one of these does not serve, or (HashiCorp's standbys) serves nothing by itself. */
const SERVES_NOT: readonly FailureError["reason"][] = [
  "sealed",
  "standby",
  "uninitialized",
  "unreachable",
  "no-leader",
];

/** Watch times requests; what it cannot explain is nobody's slowness. */
class Watch {
  readonly #ms: number[] = [];
  #unanswered = 0;
  serves = true;

  async time(context: ActionContext, request: () => Promise<unknown>): Promise<void> {
    const begun = context.clock.now();
    try {
      await request();
    } catch (error) {
      if (context.signal.aborted || !(error instanceof FailureError) || error.reason === "denied") throw error;
      if (SERVES_NOT.includes(error.reason)) this.serves = false;
      if (!ANSWERS.includes(error.reason)) {
        this.#unanswered++;
        return;
      }
    }
    this.#ms.push(context.clock.now() - begun);
  }

  timed(): Timed {
    return { ms: this.#ms, unanswered: this.#unanswered };
  }
}

type FollowerPages = {
  readonly name: string;
  readonly timed: Timed;
  readonly first: Picture;
  readonly last: Picture;
  readonly seconds: number;
};

function followerOf({ name, timed, first, last, seconds }: FollowerPages): Follower {
  const [before, after] = [first.others.get(name), last.others.get(name)];
  const known = before !== undefined && after !== undefined;
  const disk = known ? spentOn({ before, after, seconds }, ["vault_raft_rpc_appendEntries_storeLogs"]) : undefined;
  return { name, read: timed, disk };
}

/** Gives what was read, or why not. A policy that lacks a line is thrown, as it could hide the cause; and so is an ended signal. */
async function tryRead<T extends object>({ signal }: ActionContext, read: () => Promise<T>): Promise<T | NoMetrics> {
  try {
    return await read();
  } catch (error) {
    if (signal.aborted || !(error instanceof FailureError) || error.reason === "denied") throw error;
    return error.reason === "timeout" ? "unanswered" : "refused";
  }
}
