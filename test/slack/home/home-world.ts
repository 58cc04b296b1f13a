import type { Actor, Role } from "../../../src/access/person.ts";
import type { RunEvent } from "../../../src/engine/events.ts";
import type { OutboxItem } from "../../../src/runner/ports.ts";
import { summarize } from "../../../src/runner/summarize.ts";
import { checkView } from "../../../src/sandbox/slack/check-payload.ts";
import { createHomeKeeper, type HomeParts } from "../../../src/slack/home/home-keeper.ts";
import type { BackupFacts, ClusterFacts, DrillFacts } from "../../../src/slack/insight.ts";
import type { Block } from "../../../src/slack/render/content.ts";
import { memoryMessages, memoryRuns } from "../memory.ts";
import { runbook, T0 } from "../timeline.ts";

const unasked = (): never => {
  throw new Error("the keeper asked something that this test does not know");
};

export const WELL: ClusterFacts = {
  cluster: "prod",
  at: T0,
  sealType: "awskms",
  margin: 1,
  nodes: [
    { name: "vault-0", state: "active", version: "1.20.0" },
    { name: "vault-1", state: "standby", version: "1.20.0" },
    { name: "vault-2", state: "standby", version: "1.20.0" },
  ],
};

/** Says who a person is; unless told otherwise they only have a role. */
export function actorOf(name: string, role: Role | undefined, change: Partial<Actor> = {}): Actor {
  return { id: name, name, role, groups: [], ...change };
}

/** A keeper of Homes over stores in memory, with a clock that a test moves. */
export function homeWorld(change: Partial<HomeParts> = {}) {
  const runs = memoryRuns();
  const messages = memoryMessages();
  const published: { readonly to: string; readonly at: number; readonly blocks: readonly Block[] }[] = [];
  const logs: string[] = [];
  const log = (message: string, facts?: object): void => void logs.push(`${message} ${JSON.stringify(facts ?? {})}`);
  const world = {
    now: T0 + 60_000,
    actor: actorOf("bob", "approver"),
    facts: WELL as ClusterFacts | undefined,
    backups: [] as readonly BackupFacts[],
    drills: [] as readonly DrillFacts[],
    reads: 0,
    links: 0,
    /** What publishing throws, once each. */
    failures: [] as Error[],
    catalog: new Map([[runbook.id, { runbook }]]),
  };
  const summaries: HomeParts["runs"]["summaries"] = async ({ limit }) => {
    world.reads += 1;
    const listed = await runs.list({ open: true, limit });
    return listed.map(({ run, version }) => ({ id: run.id, version, summary: summarize(run) }));
  };
  const keeper = createHomeKeeper({
    runs: { ...runs, summaries },
    messages,
    outgoing: {
      post: unasked,
      update: unasked,
      respond: unasked,
      whisper: unasked,
      direct: unasked,
      openView: unasked,
      updateView: unasked,
      upload: unasked,
      findKeys: unasked,
      whoAmI: unasked,
      viewErrors: unasked,
      deleteAsUser: undefined,
      permalink: async (channel, ts) => {
        world.links += 1;
        return await Promise.resolve(`https://example.slack.com/archives/${channel}/p${ts.replace(".", "")}`);
      },
      publishHome: async (to, { blocks }) => {
        const failure = world.failures.shift();
        if (failure !== undefined) throw failure;
        const refusal = checkView({ type: "home", blocks }, "home");
        if (refusal !== undefined) throw new Error(`Slack would refuse this home: ${JSON.stringify(refusal)}`);
        await Promise.resolve(published.push({ to, at: world.now, blocks: blocks as Block[] }));
      },
    },
    insight: {
      cluster: async () => await Promise.resolve(world.facts),
      backups: async () => await Promise.resolve(world.backups),
      leases: unasked,
      drills: async () => await Promise.resolve(world.drills),
    },
    clusters: [{ name: "prod" }] as unknown as HomeParts["clusters"],
    catalog: () => world.catalog,
    identify: async () => await Promise.resolve(world.actor),
    externalUrl: "https://sealwatch.example",
    clock: { now: () => world.now },
    logger: { debug: log, info: log, warn: log, error: log },
    ...change,
  });
  const item = (changedAt = world.now): OutboxItem => ({ subject: "home:U0BOB", revision: 1, changedAt });
  const happen = (runId: string, ...events: readonly RunEvent[]): void => runs.append(runId, ...events);
  return { world, keeper, runs, messages, published, logs, item, happen };
}

/** All text of a Home. */
export function pageOf(blocks: readonly Block[] | undefined): string {
  return JSON.stringify(blocks ?? []);
}
