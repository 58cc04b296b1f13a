import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { ACTIONS, BLOCKS, VIEWS } from "../../src/slack/ids.ts";
import type { StandInMessage } from "../../src/sandbox/slack/workspace.ts";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import type { LoadedRun } from "../../src/runner/ports.ts";
import { describeWith } from "../support/real.ts";
import { holds, PEOPLE, seeRun, startNight, type NightWorld } from "./night-world.ts";

/*
 * Two nights on real servers: three OpenBao nodes with TLS, Prometheus with our rules, Alertmanager, the stand-in for Slack.
 * The token may do exactly what `sealwatch policy` prints.
 */
jest.setTimeout(240_000);

describeWith(["openbao", "prometheus", "alertmanager", "openssl"], "a night", () => {
  let night: NightWorld;
  beforeAll(async () => {
    night = await startNight({ nodes: 3, seal: { type: "shamir", shares: 3, threshold: 2 } });
  });
  afterAll(async () => {
    await night[Symbol.asyncDispose]();
  });

  it("with a sealed node: alert, card, runbook, key shares at the node, verified, resolved; card, thread and store agree", async () => {
    const { cluster, prometheus, slack, app } = night;
    const node = await aStandby(night);
    await cluster.node(node).seal();

    const [alert] = await prometheus.waitForAlert("VaultNodeSealed", "firing");
    expect(alert?.labels).toMatchObject({ vault_cluster: "prod", vault_node: node, runbook: "sealed-node" });
    const card = await slack.waitForMessage((message) => isCardOf(message, "VaultNodeSealed"), 20_000);
    expect(holds(card, node)).toBe(true);

    const runId = await openRunbook(night, card);
    const waiting = await seeRun(app, runId, "waits for key shares", atPhase("manual"));
    expect(waiting.run.inputs).toEqual({ cluster: "prod", node });
    await slack.waitForMessage((message) => message.threadTs === card.ts && holds(message, "operator unseal"), 20_000);

    await cluster.node(node).unsealWith(cluster.unsealKeys[0] ?? "");
    await slack.waitForMessage(
      (message) => message.threadTs === card.ts && holds(message, "1 of 2 key shares entered"),
      20_000,
    );
    await cluster.node(node).unsealWith(cluster.unsealKeys[1] ?? "");

    const ended = await seeRun(app, runId, "is finished", isFinished);
    expect(ended.run).toMatchObject({ status: "finished", result: "resolved" });
    await prometheus.waitForAlert("VaultNodeSealed", "inactive");
    await everythingAgrees(night, card, runId);
  });

  it("with a node that is gone for good: two others agree, a changed fact voids it, and the peer is gone from what the cluster itself says", async () => {
    const { cluster, prometheus, slack, app } = night;
    const node = await aStandby(night);
    await cluster.node(node).kill();
    await cluster.node(node).removeData();

    const [alert] = await prometheus.waitForAlert("VaultQuorumAtRisk", "firing", 60_000);
    expect(alert?.labels).toMatchObject({ vault_cluster: "prod", vault_node: node, runbook: "lost-peer" });
    const card = await slack.waitForMessage((message) => isCardOf(message, "VaultQuorumAtRisk"), 20_000);
    const runId = await openRunbook(night, card);
    await seeRun(app, runId, "asks whether the machine is gone", atPhase("manual"), 60_000);
    await press(night, "alice", runId, ACTIONS.manualDone);

    const gated = await seeRun(app, runId, "stands at a gate", atPhase("gate"), 60_000);
    expect(gated.run.gates[0]?.gate).toMatchObject({ approvals: 2, phrase: "prod", notTheStarter: true });
    expect(await approveInSlack(night, { person: "alice", runId, gate: "remove.1", phrase: "prod" })).toMatch(
      /may not approve|started this run/u,
    );
    expect(await approveInSlack(night, { person: "dave", runId, gate: "remove.1", phrase: "prod" })).toMatch(
      /dave may not approve/u,
    );
    expect(await approveInSlack(night, { person: "bob", runId, gate: "remove.1", phrase: "stage" })).toMatch(
      /type the cluster's name exactly/u,
    );
    expect(await approveInSlack(night, { person: "bob", runId, gate: "remove.1", phrase: "prod" })).toBe("approved");

    // A new leader calls a dead voter healthy for some seconds. That resolves the alert, and a resolved alert closes the gate, which is another story.
    prometheus.hold();
    // The fact that everybody read before they agreed changes: another node leads.
    const leader = await cluster.activeNode();
    await cluster.call(leader, "PUT", "sys/step-down");
    await waitFor("another leader", async () => ((await cluster.activeNode()).name === leader.name ? undefined : true));
    expect(await approveInSlack(night, { person: "carol", runId, gate: "remove.1", phrase: "prod" })).toBe("approved");
    const voided = await seeRun(app, runId, "voids the approval", ({ run }) => run.gates[0]?.outcome === "voided");
    expect(voided.run.gates[0]?.text).toMatch(/is now:/u);
    expect(await membersOf(night)).toContain(node);

    // The new leader has to miss the node for a while; then people are asked again, from the beginning.
    const again = await askAgain(night, runId);
    expect(await approveInSlack(night, { person: "bob", runId, gate: again, phrase: "prod" })).toBe("approved");
    expect(await approveInSlack(night, { person: "carol", runId, gate: again, phrase: "prod" })).toBe("approved");
    await seeRun(app, runId, "asks whether a replacement joins", atPhase("asking"), 60_000);
    await press(night, "alice", runId, ACTIONS.answer);
    const form = await slack.waitForView(PEOPLE.alice, VIEWS.answer);
    await slack.as(PEOPLE.alice).submit(form.id, { [BLOCKS.answer]: "finish" });
    const ended = await seeRun(app, runId, "is finished", isFinished, 60_000);
    expect(ended.run).toMatchObject({ status: "finished", result: "resolved" });
    expect(await membersOf(night)).not.toContain(node);
    prometheus.goOn();
    await prometheus.waitForAlert("VaultQuorumAtRisk", "inactive", 60_000);
    await everythingAgrees(night, card, runId);
  });

  it("leaves no secret anywhere", async () => {
    const { cluster, slack, app, log, env } = night;
    const secrets = [...Object.values(env), cluster.rootToken, ...cluster.unsealKeys];
    const events = await Promise.all(
      (await app.core.runs.list({ limit: 100 })).map(async ({ run }) => await app.core.store.runs.read(run.id)),
    );
    const pages = await Promise.all(
      ["/metrics", "/", "/runbooks/lost-peer"].map(async (path) => await (await fetch(app.address + path)).text()),
    );
    const places = {
      log: log.text(),
      slack: JSON.stringify(slack.payloads()),
      store: JSON.stringify([events, await app.core.store.alerts.list()]),
      pages: pages.join("\n"),
    };
    for (const [place, text] of Object.entries(places)) {
      expect({ place, length: text.length > 0 }).toEqual({ place, length: true });
      for (const [index, secret] of secrets.entries())
        expect({ place, index, leaks: text.includes(secret) }).toEqual({ place, index, leaks: false });
    }
  });
});

async function aStandby({ cluster }: NightWorld): Promise<string> {
  const leader = await cluster.activeNode();
  const standby = cluster.nodes.find(({ name, pid }) => name !== leader.name && pid !== undefined);
  if (standby === undefined) throw new Error("no standby");
  return standby.name;
}

/** A card that fires: a resolved one has no button any more. */
function isCardOf(message: StandInMessage, alert: string): boolean {
  return message.threadTs === undefined && holds(message, alert, `"action_id":"${ACTIONS.openRunbook}"`);
}

async function openRunbook({ slack, app }: NightWorld, card: StandInMessage): Promise<string> {
  const before = new Set((await app.core.runs.list({ limit: 100 })).map(({ run }) => run.id));
  await slack.as(PEOPLE.alice).click(card.ts, ACTIONS.openRunbook);
  return await waitFor(
    "the run of the card",
    async () => (await app.core.runs.list({ limit: 100 })).find(({ run }) => !before.has(run.id))?.run.id,
  );
}

async function press({ slack }: NightWorld, person: keyof typeof PEOPLE, runId: string, action: string): Promise<void> {
  const message = await slack.waitForMessage((candidate) => holds(candidate, `"action_id":"${action}"`, runId), 20_000);
  await slack.as(PEOPLE[person]).click(message.ts, action);
}

type Approval = {
  readonly person: keyof typeof PEOPLE;
  readonly runId: string;
  readonly gate: string;
  readonly phrase: string;
};

/** Presses Approve, types the phrase, and gives "approved" or what the person was told. */
async function approveInSlack({ slack }: NightWorld, { person, runId, gate, phrase }: Approval): Promise<string> {
  const message = await slack.waitForMessage(
    (candidate) => holds(candidate, `"action_id":"${ACTIONS.confirmGate}"`, `${runId}:${gate}`),
    30_000,
  );
  const hands = slack.as(PEOPLE[person]);
  await hands.click(message.ts, ACTIONS.confirmGate);
  const view = await slack.waitForView(PEOPLE[person], VIEWS.confirmGate);
  const answer = await hands.submit(view.id, { [BLOCKS.phrase]: phrase });
  if (answer.outcome !== "errors") return "approved";
  await hands.close(view.id);
  return Object.values(answer.errors).join(" ");
}

/** After a void the run stands at a new gate, or is stuck until the facts hold again and someone retries. */
async function askAgain(night: NightWorld, runId: string): Promise<string> {
  return await waitFor(
    "a new gate",
    async () => {
      const loaded = await night.app.core.runs.get(runId);
      if (loaded?.run.status !== "open") throw new Error("the run has ended");
      const { phase } = loaded.run;
      if (phase.name === "gate") return phase.gate.id;
      if (phase.name === "stuck") await press(night, "alice", runId, ACTIONS.retry);
      return undefined;
    },
    { timeoutMs: 90_000, everyMs: 2000 },
  );
}

async function membersOf({ cluster }: NightWorld): Promise<readonly string[]> {
  const { body } = await cluster.call(await cluster.activeNode(), "GET", "sys/storage/raft/configuration");
  const { data } = body as { data: { config: { servers: readonly { node_id: string }[] } } };
  return data.config.servers.map(({ node_id: id }) => id);
}

/** The card says resolved for alert and run, the thread has one message a step that ran, and the store's chain is whole. */
async function everythingAgrees({ slack, app }: NightWorld, card: StandInMessage, runId: string): Promise<void> {
  await slack.waitForMessage(
    (message) =>
      message.ts === card.ts &&
      /Resolved\*? <!date/u.test(JSON.stringify(message.blocks)) &&
      /:book:[^"]*\*Resolved\*/u.test(JSON.stringify(message.blocks)),
    40_000,
  );
  const loaded = await app.core.runs.get(runId);
  for (const step of loaded?.run.steps.filter(({ status }) => status === "done") ?? []) {
    await slack.waitForMessage(
      (message) => message.threadTs === card.ts && holds(message, step.title.replaceAll("&", "&amp;")),
      40_000,
    );
  }
  expect(await app.core.store.runs.verify(runId)).toBeUndefined();
  const group = (await app.core.store.alerts.list()).find(({ key }) => key === loaded?.run.origin.alertGroup);
  expect({ run: loaded?.run.status, alert: group?.status }).toEqual({ run: "finished", alert: "resolved" });
  expect(slack.messages().filter((message) => message.threadTs === undefined && message.ts === card.ts)).toHaveLength(
    1,
  );
}

function atPhase(name: string): (loaded: LoadedRun) => boolean {
  return ({ run }) => run.status === "open" && run.phase.name === name;
}

function isFinished({ run }: LoadedRun): boolean {
  return run.status === "finished";
}
