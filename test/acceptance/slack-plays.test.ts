import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/app/package-files.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import type { StandInMessage } from "../../src/sandbox/slack/workspace.ts";
import { ACTIONS, BLOCKS, COMMAND, VIEWS } from "../../src/slack/ids.ts";
import { PEOPLE, startPlays, type PersonName, type PlaysWorld } from "./slack-plays-world.ts";

/*
 * Every builtin runbook, from the first click to its end, by people who have nothing but Slack, over both transports. The stand-in takes no payload that
 * Slack would refuse, so a refused call is a fault of ours.
 */

jest.setTimeout(60_000);

/** How the world breaks, how a person comes to the runbook, and what somebody does outside Slack when the run asks for it. */
type Play = {
  readonly runbook: string;
  readonly begin: "alert" | "command" | "form";
  readonly alert: Readonly<Record<string, string>>;
  readonly breakIt: (world: PlaysWorld) => Promise<void> | void;
  readonly mend?: (world: PlaysWorld) => void;
};

const PLAYS: readonly Play[] = [
  {
    runbook: "sealed-node",
    begin: "alert",
    alert: { alertname: "VaultNodeSealed", severity: "critical", vault_cluster: "prod", vault_node: "vault-1" },
    breakIt: ({ cluster }) => cluster.seal("vault-1"),
    mend: ({ cluster }) => cluster.unseal("vault-1"),
  },
  {
    runbook: "lost-peer",
    begin: "command",
    alert: { alertname: "VaultQuorumAtRisk", severity: "critical", vault_cluster: "prod", vault_node: "vault-2" },
    breakIt: async ({ cluster }) => {
      await cluster.stop("vault-2");
      cluster.removeData("vault-2");
    },
  },
  {
    runbook: "stale-backup",
    begin: "form",
    alert: { alertname: "VaultBackupStale", severity: "warning", vault_cluster: "prod", destination: "nightly" },
    breakIt: () => {},
  },
];

describe("the plays", () => {
  it("have every builtin runbook", async () => {
    const files = (await readdir(join(packageRoot, "runbooks"))).filter((name) => !name.endsWith(".test.yaml"));
    expect(PLAYS.map(({ runbook }) => `${runbook}.yaml`).sort()).toEqual(files.sort());
  });
});

describe.each(["socket", "http"] as const)("over %s", (mode) => {
  describe.each(PLAYS)("$runbook, begun by $begin", (play) => {
    let world: PlaysWorld;
    beforeAll(async () => {
      world = await startPlays(mode);
    });
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
    });

    it("is carried out to its end by people who have nothing but Slack", async () => {
      await play.breakIt(world);
      const runId = await begin(world, play);
      const ended = await playOut(world, runId, play);
      expect(ended.run).toMatchObject({ status: "finished", result: "resolved" });
      await world.app.slack?.idle();
      const end = await world.message("the end in the thread", (message) =>
        JSON.stringify(message.metadata ?? {}).includes(`run:${runId}/end`),
      );
      expect(JSON.stringify(end.blocks)).toContain(`sha256:${ended.head}`);
    });

    it("leaves no button that still asks something, and a card that says how it ended", async () => {
      const [{ run } = { run: undefined }] = await world.app.core.runs.list({ limit: 1 });
      const mine = world.slack
        .messages()
        .filter((message) => JSON.stringify(message.metadata ?? {}).includes(`run:${run?.id}/`));
      expect(mine.length).toBeGreaterThan(3);
      for (const message of mine) expect([message.text, actionsOf(message)]).toEqual([message.text, []]);
      const card = mine.find((message) => JSON.stringify(message.metadata).includes(`run:${run?.id}/card`));
      expect(JSON.stringify(card?.blocks)).toContain("Resolved");
    });

    it("sent nothing that Slack refuses, and no secret", () => {
      const refused = world.slack.calls().filter(({ ok, error }) => !ok && error !== "ratelimited");
      expect(refused).toEqual([]);
      const sent = JSON.stringify(world.slack.payloads());
      for (const [index, secret] of world.secrets.entries())
        expect({ index, slack: sent.includes(secret), log: world.log().includes(secret) }).toEqual({
          index,
          slack: false,
          log: false,
        });
    });
  });
});

/** Comes to the runbook as people do, and gives the id of the run. */
async function begin(world: PlaysWorld, { begin: how, runbook, alert }: Play): Promise<string> {
  const alice = world.slack.as(PEOPLE.alice);
  if (how === "alert") {
    await world.alert("firing", alert);
    const card = await world.message("the alert's card", (message) => actionsOf(message).includes(ACTIONS.openRunbook));
    await alice.click(card.ts, ACTIONS.openRunbook);
  } else if (how === "command") {
    await alice.slash(COMMAND, `runbook ${runbook} prod ${alert["vault_node"]}`);
  } else {
    await alice.slash(COMMAND, `runbook ${runbook}`);
    const asked = BLOCKS.runInput("destination");
    await world.slack.waitForView(PEOPLE.alice, VIEWS.startRun);
    await waitForBlock(world, asked);
    await alice.submit(VIEWS.startRun, { [asked]: alert["destination"] ?? "" });
  }
  return await startedRun(world);
}

async function waitForBlock(world: PlaysWorld, block: string): Promise<void> {
  await seen(() => world.slack.views(PEOPLE.alice).some(({ view }) => JSON.stringify(view).includes(block)));
}

async function startedRun(world: PlaysWorld): Promise<string> {
  let id: string | undefined;
  await seen(async () => {
    [id] = (await world.app.core.runs.list({ limit: 1 })).map(({ run }) => run.id);
    return id !== undefined;
  });
  return id ?? "";
}

/** Does what the run asks for, as it asks, until it ended. */
async function playOut(world: PlaysWorld, runId: string, play: Play): Promise<LoadedRun> {
  const done = new Set<string>();
  for (;;) {
    const loaded = await world.see(runId, "asks for something", ({ run }) => asksFor(run, done) !== undefined);
    const asked = asksFor(loaded.run, done);
    if (asked === undefined || asked === "end") return loaded;
    done.add(asked);
    await answer(world, loaded, play);
  }
}

/** Names what the run asks for and nobody has done yet. */
function asksFor(run: LoadedRun["run"], done: ReadonlySet<string>): string | undefined {
  if (run.status === "finished") return "end";
  const { phase } = run;
  if (phase.name === "stuck" || phase.name === "unknown")
    throw new Error(`the run is ${phase.name} at ${phase.step}: ${JSON.stringify(phase)}`);
  if (phase.name !== "manual" && phase.name !== "gate" && phase.name !== "asking") return undefined;
  const key = phase.name === "gate" ? phase.gate.id : `${phase.name}:${phase.step}`;
  return done.has(key) ? undefined : key;
}

async function answer(world: PlaysWorld, { run }: LoadedRun, play: Play): Promise<void> {
  if (run.status !== "open" || run.phase.name === "between") return;
  const { phase } = run;
  if (phase.name === "gate") {
    for (const person of ["bob", "carol"] as const) await approve(world, run.id, person);
    return;
  }
  const message = await world.message("its message", (candidate) =>
    JSON.stringify(candidate.metadata ?? {}).includes(`run:${run.id}/${phase.name}:${phase.step}:`),
  );
  if (phase.name === "manual" && phase.watch !== undefined) play.mend?.(world);
  else await world.slack.as(PEOPLE.alice).click(message.ts, ACTIONS.manualDone);
}

async function approve(world: PlaysWorld, runId: string, person: PersonName): Promise<void> {
  const gate = await world.message("the gate", (message) => actionsOf(message).includes(ACTIONS.confirmGate));
  const hands = world.slack.as(PEOPLE[person]);
  await hands.click(gate.ts, ACTIONS.confirmGate);
  await seen(() => world.slack.views(PEOPLE[person]).some(({ view }) => JSON.stringify(view).includes(BLOCKS.phrase)));
  const submitted = await hands.submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "prod" });
  expect(submitted).toEqual({ outcome: "closed" });
  await world.see(runId, `has the yes of ${person}`, ({ run }) =>
    run.gates.some((record) => record.gate.votes.some((vote) => vote.by.name === person)),
  );
}

function actionsOf(message: StandInMessage): readonly string[] {
  return [...JSON.stringify(message.blocks).matchAll(/"action_id":"([^"]+)"/gu)].map(([, id]) => id ?? "");
}

/** Waits for a condition, a turn of the event loop at a time. */
async function seen(condition: () => boolean | Promise<boolean>): Promise<void> {
  const last = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > last) throw new Error(`this never came true: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
