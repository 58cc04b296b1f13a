import { expect, it, jest } from "@jest/globals";
import { join } from "node:path";
import { ACTIONS, BLOCKS, VIEWS } from "../../src/slack/ids.ts";
import { replay } from "../../src/engine/evolve.ts";
import type { FinishedRun, OpenRun } from "../../src/engine/run.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { describeWith } from "../support/real.ts";
import { holds, PEOPLE, startSurroundings, type Surroundings } from "./night-world.ts";
import { startHoldingProxy, type HeldAt, type HoldingProxy } from "./holding-proxy.ts";
import { serveProcess } from "./served-process.ts";

/*
 * kill -9 between "attempted" and the answer of remove-peer, on a real cluster: a proxy before each node holds the call, once before the
 * server got it and once after it did it.
 */
jest.setTimeout(240_000);

describeWith(["openbao"], "killed in the middle of remove-peer", () => {
  const cases: readonly { name: string; at: HeldAt }[] = [
    { name: "after the server did it: the run finds it done", at: "after" },
    { name: "before the server got it: the run finds it not done and asks for a new approval", at: "before" },
  ];

  it.each(cases)("$name; the call is never made again by the program", async ({ at }) => {
    await using around = await startSurroundings({ nodes: 3, tls: false });
    const lost = await loseStandby(around);
    const proxies = await Promise.all(
      around.cluster.nodes.map(
        async ({ address }) => await startHoldingProxy(address, "/v1/sys/storage/raft/remove-peer", at),
      ),
    );
    const held = (): number => proxies.reduce((sum, proxy) => sum + proxy.held(), 0);
    try {
      const config = await around.configure(proxies.map(({ address }) => address));
      const runId = await killInTheMiddle(around, { config, lost, held });
      for (const proxy of proxies) proxy.release();
      expect(held()).toBe(1);

      await using second = await serveProcess(config, around.env);
      const run = await seeStored(around, runId, (seen) =>
        at === "after" ? asksForReplacement(seen) : seen.gates.length === 2,
      );
      expect(held()).toBe(1);
      expect(eventsOf(run, at)).toBe(true);
      if (at === "before") {
        expect(run.notes.at(-1)?.text).toMatch(/took no effect; making it needs a new approval/u);
        for (const person of ["bob", "carol"] as const) await approve(around, { person, runId, gate: "remove.2" });
        await seeStored(around, runId, asksForReplacement);
        expect(held()).toBe(2);
      }
      await answer(around, runId, "finish");
      const ended = await seeStored(around, runId, (seen) => seen.status === "finished");
      expect(ended).toMatchObject({ result: "resolved" });
      expect(await membersOf(around)).not.toContain(lost);
      await second.kill("SIGTERM");
      expect(second.output()).not.toContain(around.env["VAULT"]);
    } finally {
      await disposeAll(proxies);
    }
  });
});

async function disposeAll(proxies: readonly HoldingProxy[]): Promise<void> {
  await Promise.all(proxies.map(async (proxy) => await proxy[Symbol.asyncDispose]()));
}

async function loseStandby({ cluster }: Surroundings): Promise<string> {
  const leader = await cluster.activeNode();
  const lost = cluster.nodes.find(({ name }) => name !== leader.name);
  if (lost === undefined) throw new Error("no standby");
  await lost.kill();
  await lost.removeData();
  return lost.name;
}

type Middle = { readonly config: string; readonly lost: string; readonly held: () => number };

/** Plays lost-peer through Slack to the call, and kills the process while the call is held. */
async function killInTheMiddle(around: Surroundings, { config, lost, held }: Middle): Promise<string> {
  await using first = await serveProcess(config, around.env);
  // The start waits for nothing of Slack; a command typed before the connection is lost, as in Slack.
  await waitFor("the connection to Slack", async () => (around.slack.connections() > 0 ? true : undefined));
  await around.slack.as(PEOPLE.alice).slash("/vault", `runbook lost-peer cluster=prod node=${lost}`);
  const question = await around.slack.waitForMessage(
    (message) => holds(message, `"action_id":"${ACTIONS.manualDone}"`),
    60_000,
  );
  const runId = /run-[a-z0-9]+/u.exec(JSON.stringify(question.blocks))?.[0] ?? "";
  await around.slack.as(PEOPLE.alice).click(question.ts, ACTIONS.manualDone);
  for (const person of ["bob", "carol"] as const) await approve(around, { person, runId, gate: "remove.1" });
  await waitFor("the held call", async () => (held() > 0 ? true : undefined));
  await first.kill("SIGKILL");
  const run = await seeStored(around, runId, () => true);
  expect(run).toMatchObject({ status: "open", phase: { name: "attempted" } });
  return runId;
}

async function approve(
  { slack }: Surroundings,
  { person, runId, gate }: { person: "bob" | "carol"; runId: string; gate: string },
): Promise<void> {
  const message = await slack.waitForMessage(
    (candidate) => holds(candidate, `"action_id":"${ACTIONS.confirmGate}"`, `${runId}:${gate}`),
    60_000,
  );
  const hands = slack.as(PEOPLE[person]);
  await hands.click(message.ts, ACTIONS.confirmGate);
  const view = await slack.waitForView(PEOPLE[person], VIEWS.confirmGate);
  const answer = await hands.submit(view.id, { [BLOCKS.phrase]: "prod" });
  expect(answer.outcome).not.toBe("errors");
}

/** What follows when the peer is removed. */
function asksForReplacement(run: OpenRun | FinishedRun): boolean {
  return run.status === "open" && run.phase.name === "asking" && run.phase.step === "replace";
}

async function answer({ slack }: Surroundings, runId: string, value: string): Promise<void> {
  const question = await slack.waitForMessage(
    (message) => holds(message, `"action_id":"${ACTIONS.answer}"`, runId),
    60_000,
  );
  const alice = slack.as(PEOPLE.alice);
  await alice.click(question.ts, ACTIONS.answer);
  const view = await slack.waitForView(PEOPLE.alice, VIEWS.answer);
  expect(await alice.submit(view.id, { [BLOCKS.answer]: value })).toEqual({ outcome: "closed" });
}

/** Reads the run from the store's file, beside the process. */
async function seeStored(
  { directory }: Surroundings,
  runId: string,
  fits: (run: OpenRun | FinishedRun) => boolean,
): Promise<OpenRun | FinishedRun> {
  const store = openSqliteStore({ path: join(directory, "sealwatch.db") });
  try {
    return await waitFor(
      "the stored run",
      async () => {
        const run = replay((await store.runs.read(runId)).map(({ event }) => event));
        return run.status !== "none" && fits(run) ? run : undefined;
      },
      { timeoutMs: 60_000, everyMs: 100 },
    );
  } finally {
    store.close();
  }
}

function eventsOf(run: OpenRun | FinishedRun, at: HeldAt): boolean {
  const step = run.steps.find(({ id }) => id === "remove");
  return at === "after"
    ? step?.text?.includes("found after an interruption of the program; the call was not made again") === true
    : step?.status === "running";
}

async function membersOf({ cluster }: Surroundings): Promise<readonly string[]> {
  const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/configuration");
  const { data } = body as { data: { config: { servers: readonly { node_id: string }[] } } };
  return data.config.servers.map(({ node_id: id }) => id);
}
