import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "@jest/globals";
import type { OpenBaoCluster, OpenBaoNode } from "../../../src/sandbox/openbao/openbao.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openBaoForTest, type TestClusterOptions } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";
import { answeredBy, carryOut, doneBy, mended, type Moment, type Scene, type Script, skippedBy } from "./carry-out.ts";
import { startDrill, type DrillWorld } from "./drill-world.ts";
import { holds } from "../../support/slack-hands.ts";
import { startIntruder, type Intruder } from "./intruder.ts";
import { endDrill } from "./record.ts";
import { sealedByTwo } from "./sealed-by-two.ts";

/** Said to each test: `describeWith` sets what the others have. */
const PATIENCE_MS = 300_000;

/** For so long nobody may get anything after the run says that everything is sealed. */
const QUIET_MS = 60_000;

/** A node that unsealed itself again is noticed within this time. */
const NOTICED_WITHIN_MS = 5000;

type Case = { readonly name: string; readonly words: string; readonly nodes: 3 | 5; readonly itself: boolean };

const CASES: readonly (Case & { readonly seal: (kms: OpenBaoCluster) => TestClusterOptions["seal"] })[] = [
  { name: "three-shamir", words: "3 nodes, Shamir 2 of 3", nodes: 3, itself: false, seal: () => ({ type: "shamir" }) },
  {
    name: "five-shamir",
    words: "5 nodes, Shamir 3 of 5",
    nodes: 5,
    itself: false,
    seal: () => ({ type: "shamir", shares: 5, threshold: 3 }),
  },
  {
    name: "three-transit",
    words: "3 nodes, auto-unseal by another cluster's transit key",
    nodes: 3,
    itself: true,
    seal: (kms) => ({ type: "transit", from: kms }),
  },
  {
    name: "five-static",
    words: "5 nodes, auto-unseal by a static key",
    nodes: 5,
    itself: true,
    seal: () => ({ type: "static" }),
  },
];

describeWith(["openbao", "openssl"], "emergency-seal on real clusters", () => {
  it(
    "leaves a leaked token without an answer on every node for a minute, and notices a node that unseals itself within five seconds",
    async () => {
      await using kms = await openBaoForTest({ nodes: 1, clusterName: "kms", namePrefix: "kms" });
      // Time is the subject here, so that all of them live through the same minute.
      await together(
        CASES.map(({ seal, ...drill }) => async () => {
          await using world = await startDrill({ nodes: drill.nodes, seal: seal(kms) ?? { type: "shamir" } });
          await carryOutSeal(world, drill);
        }),
      );
    },
    PATIENCE_MS,
  );
});

async function carryOutSeal(world: DrillWorld, { name, words, itself }: Case): Promise<void> {
  const { cluster } = world;
  await using intruder = await startIntruder(cluster);
  await intruder.getsFrom();
  const quiet = async (): Promise<void> => await expectQuiet(cluster, intruder);

  const carried = await carryOut(
    world,
    { command: "runbook emergency-seal prod" },
    {
      ...AS_ASKED,
      seal_all: sealedByTwo,
      "rounds[0].guard": itself ? unsealedAgain(intruder, quiet) : afterwards(quiet, skippedBy("alice", "we open it")),
      ...(itself && {
        "rounds[0].stop_again": async ({ world: { cluster: server } }) => await stopOpenNode(server, intruder),
        "rounds[1].guard": mended(async ({ cluster: server }) => await restartRest(server)),
        "rounds[1].seal_again": sealedByTwo,
        "rounds[2].guard": skippedBy("alice", "the investigation is done"),
      }),
    },
  );

  expect(carried.ended.run).toMatchObject({ status: "finished", result: "resolved" });
  for (const node of cluster.nodes) expect(await isSealedOrStopped(cluster, node)).toBe(true);
  await intruder.getsNothing();
  expect(carried.ended.run.gates.map(({ outcome }) => outcome)).toEqual(itself ? ["agreed", "agreed"] : ["agreed"]);
  const noticed = itself
    ? `; a node that was restarted was noticed ${await expectNoticed(world, carried.ended.run.id)} ms after it was unsealed`
    : "";
  const stored = JSON.stringify(await world.app.core.store.runs.read(carried.ended.run.id));
  for (const secret of [intruder.token, intruder.accessor]) expect(stored).not.toContain(secret);
  await endDrill(world, carried, {
    name: `emergency-seal-${name}`,
    fault: "a leaked token in use on every node, nobody knows how far it goes",
    cluster: words,
    begun: "/vault runbook emergency-seal prod",
    verified: `no read with the leaked token got anything on any node for ${QUIET_MS / 1000} s after the run said so; every node's own sys/seal-status says sealed, or its process is gone${noticed}`,
    ...(name === "three-transit" && { example: true }),
  });
}

/** What the people of the drill do until everything is sealed. */
const AS_ASKED: Script = {
  measure: answeredBy("alice", "seal everything"),
  holders: doneBy("alice"),
  evidence: doneBy("erin"),
  healing: doneBy("alice"),
  // OpenBao 2.7.2 now and then ends when it is sealed; whoever looks sees that the process is gone.
  silent: async (moment) => {
    expect(moment.world.cluster.nodes.some(({ pid }) => pid === undefined)).toBe(true);
    await doneBy("alice")(moment);
  },
};

/** The intruder goes on asking for a minute and gets nothing, from the moment on at which the run says that it is sealed. */
async function expectQuiet({ nodes }: OpenBaoCluster, intruder: Intruder): Promise<void> {
  const since = Date.now();
  await pause(QUIET_MS);
  expect(intruder.gotFrom(since)).toEqual([]);
  // Ten reads a second and node, were they all answered at once; a process that ended refuses them.
  expect(intruder.askedSince(since)).toBeGreaterThan(nodes.length * (QUIET_MS / 1000));
}

/** When a node was unsealed again, by its own word, as the test saw it. */
const unsealedAt = new Map<string, number>();

/** Somebody's automation restarts a node, and it unseals itself; the run has to see it. */
function unsealedAgain(intruder: Intruder, quiet: () => Promise<void>): Scene {
  return async ({ world: { cluster }, loaded }: Moment) => {
    await quiet();
    const [node] = cluster.nodes;
    if (node === undefined) throw new Error("there is no node");
    await node.kill();
    const started = node.start();
    await waitFor("the node unseal itself", async () => ((await isOpen(cluster, node)) ? true : undefined));
    unsealedAt.set(loaded.run.id, Date.now());
    await started;
    // Alone, sealed off from the others and without a leader, it gives every secret away: that is why it is watched.
    await intruder.getsFrom(node);
  };
}

async function expectNoticed({ app, slack }: DrillWorld, runId: string): Promise<number> {
  await slack.waitForMessage((message) => message.broadcast && holds(message, "WAS UNSEALED AGAIN"));
  const stored = await app.core.store.runs.read(runId);
  const seen = stored.find(({ event }) => event.type === "StepSucceeded" && event.step === "rounds[0].guard");
  const took = (seen?.event.at ?? Number.POSITIVE_INFINITY) - (unsealedAt.get(runId) ?? 0);
  expect(took).toBeLessThanOrEqual(NOTICED_WITHIN_MS);
  return took;
}

/** What the run asks for: the process of the one that is open is ended. */
async function stopOpenNode(cluster: OpenBaoCluster, intruder: Intruder): Promise<void> {
  for (const node of cluster.nodes) if (await isOpen(cluster, node)) await node.kill();
  await intruder.getsNothing();
}

/** Configuration management restarts all others: they unseal themselves, elect a leader, and everything is open again. */
async function restartRest({ nodes }: OpenBaoCluster): Promise<void> {
  await Promise.all(
    nodes.slice(1).map(async (node) => {
      await node.kill();
      await node.start();
    }),
  );
}

function afterwards(first: () => Promise<void>, then: Scene): Scene {
  return async (moment) => {
    await first();
    await then(moment);
  };
}

async function isOpen(cluster: OpenBaoCluster, node: OpenBaoNode): Promise<boolean> {
  const answer = await cluster.call(node, "GET", "sys/seal-status").catch(() => undefined);
  return (answer?.body as { readonly sealed?: boolean } | undefined)?.sealed === false;
}

async function isSealedOrStopped(cluster: OpenBaoCluster, node: OpenBaoNode): Promise<boolean> {
  return node.pid === undefined || !(await isOpen(cluster, node));
}

/** Runs all at once and waits for all, so that a failure of one leaves no other behind. */
async function together(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const outcomes = await Promise.allSettled(tasks.map(async (task) => await task()));
  const failures = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("\n"));
}
