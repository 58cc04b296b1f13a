import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { createCleanup, type Cleanup } from "../../../src/app/cleanup.ts";
import { systemClock, systemTimers } from "../../../src/app/system.ts";
import { Secret } from "../../../src/lib/secret.ts";
import { startSlackStandIn, type SlackStandIn } from "../../../src/sandbox/slack/stand-in.ts";
import type { SimulatedCluster } from "../../../src/sandbox/vault/simulated-cluster.ts";
import { startSimulatedCluster } from "../../../src/sandbox/vault/start-simulated-cluster.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openPostgresStore } from "../../../src/store/postgres/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { ROLE, startPostgresql } from "../../support/postgresql.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";
import { serveProcess, type ServedProcess } from "../served-process.ts";
import { RUNBOOK_TEXT } from "./rolling-runbook.ts";

/** The people of a rolling restart: alice starts, bob and carol approve. */
export const MEMBERS = { alice: "U0ALICE", bob: "U0BOB", carol: "U0CAROL" } as const;

/** Who acts. */
export type Who = keyof typeof MEMBERS;

/** The clusters, each with one run at a time. */
export const CLUSTERS = ["left", "right"] as const;

const CHANNEL = "C0VAULT";
const CONNECTIONS = 2;

/** Two replicas of sealwatch as processes of their own on one PostgreSQL, with a Slack and two clusters around them. */
export type RollingWorld = AsyncDisposable & {
  readonly slack: SlackStandIn;
  /** What the replicas keep, read beside them. */
  readonly store: Store;
  readonly clusters: ReadonlyMap<string, SimulatedCluster>;
  /** Ends a replica with SIGTERM, and starts another in its place; resolves when Slack has a connection of it. */
  readonly replace: (place: 0 | 1) => Promise<void>;
  /** How long each replica took to end, and its successor to begin, in milliseconds. */
  readonly took: readonly { readonly end: number; readonly begin: number }[];
  /** What all replicas wrote, those that ended too. */
  readonly output: () => string;
};

/** Starts everything; ready when both replicas are connected to Slack. */
export async function startRollingWorld(): Promise<RollingWorld> {
  const cleanup = createCleanup();
  try {
    return await buildWorld(cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function buildWorld(cleanup: Cleanup): Promise<RollingWorld> {
  const owned = <T extends AsyncDisposable>(thing: T): T => {
    cleanup.add(async () => await thing[Symbol.asyncDispose]());
    return thing;
  };
  const { path: directory } = owned(await temporaryDirectory());
  const server = owned(await startPostgresql());
  const place = { host: server.host, port: server.port, database: await server.createDatabase(), user: ROLE.user };
  const clusters = new Map<string, SimulatedCluster>();
  for (const name of CLUSTERS) clusters.set(name, owned(await startSimulatedCluster({ clock: systemClock })));
  const env = { SLACK_BOT: "xoxb-bot-token-of-tests", SLACK_APP: "xapp-app-token-of-tests", POSTGRES: ROLE.password };
  const tokens = Object.fromEntries([...clusters].map(([name, { rootToken }]) => [name.toUpperCase(), rootToken]));
  const slack = owned(await startSlack(env));
  const file = await writeConfig({ directory, slack, clusters, place });
  const replicas = createReplicas(async () => await serveProcess(file, { ...env, ...tokens }), slack);
  cleanup.add(replicas.end);
  await replicas.begin();
  const readPassword = async () => new Secret(ROLE.password);
  const store = await openPostgresStore({ ...place, readPassword, tls: { mode: "disable" }, timers: systemTimers });
  cleanup.add(store.close);
  const { replace, took, output } = replicas;
  return { slack, store, clusters, replace, took, output, [Symbol.asyncDispose]: cleanup.run };
}

async function startSlack(env: { readonly SLACK_BOT: string; readonly SLACK_APP: string }): Promise<SlackStandIn> {
  return await startSlackStandIn({
    users: Object.entries(MEMBERS).map(([name, id]) => ({ id, name })),
    channel: { id: CHANNEL, name: "vault" },
    botToken: env.SLACK_BOT,
    appToken: env.SLACK_APP,
    clock: systemClock,
  });
}

function createReplicas(start: () => Promise<ServedProcess>, slack: SlackStandIn) {
  const ended: ServedProcess[] = [];
  const living: ServedProcess[] = [];
  const took: { end: number; begin: number }[] = [];
  /** A new replica is in its place with its first connection; the second comes some seconds later. */
  const connected = async (count: number): Promise<void> =>
    void (await waitFor(`${count} connections`, async () => (slack.connections() >= count ? true : undefined)));
  return {
    begin: async (): Promise<void> => {
      living.push(...(await Promise.all([start(), start()])));
      await connected(2 * CONNECTIONS);
    },
    replace: async (place: 0 | 1): Promise<void> => {
      const [old] = living.slice(place);
      if (old === undefined) throw new Error(`there is no replica ${place}`);
      const asked = performance.now();
      await old.kill("SIGTERM");
      const gone = performance.now();
      ended.push(old);
      const others = slack.connections();
      living[place] = await start();
      await connected(others + 1);
      took.push({ end: Math.round(gone - asked), begin: Math.round(performance.now() - gone) });
    },
    took,
    output: () => [...ended, ...living].map((replica) => replica.output()).join("\n"),
    end: async () => void (await Promise.all(living.map(async ({ kill }) => await kill("SIGKILL")))),
  };
}

type Written = {
  readonly directory: string;
  readonly slack: SlackStandIn;
  readonly clusters: ReadonlyMap<string, SimulatedCluster>;
  readonly place: { readonly host: string; readonly port: number; readonly database: string; readonly user: string };
};

async function writeConfig({ directory, slack, clusters, place }: Written): Promise<string> {
  const runbooks = join(directory, "runbooks");
  await mkdir(runbooks);
  await writeFile(join(runbooks, "rolling.yaml"), RUNBOOK_TEXT);
  const config = {
    listen: "127.0.0.1:0",
    externalUrl: "http://sealwatch.example",
    store: { postgres: { ...place, password: { env: "POSTGRES" }, tls: { mode: "disable" } } },
    runbooks: { directory: runbooks },
    clusters: [...clusters].map(([name, { nodes }]) => ({
      name,
      nodes: nodes.map(({ name: node, address }) => ({ name: node, address })),
      token: { env: name.toUpperCase() },
    })),
    slack: {
      appToken: { env: "SLACK_APP" },
      botToken: { env: "SLACK_BOT" },
      channel: CHANNEL,
      connections: CONNECTIONS,
      apiUrl: slack.apiUrl,
    },
    access: {
      people: [
        { name: "alice", role: "responder", slack: MEMBERS.alice },
        { name: "bob", role: "approver", slack: MEMBERS.bob },
        { name: "carol", role: "approver", slack: MEMBERS.carol },
      ],
    },
  };
  const file = join(directory, "sealwatch.yaml");
  await writeFile(file, stringify(config));
  return file;
}
