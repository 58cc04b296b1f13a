import type { LoadedRun } from "../../runner/ports.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../../slack/ids.ts";
import type { StandInMessage } from "../../sandbox/slack/workspace.ts";
import type { Io } from "../io.ts";
import { CLUSTER } from "./demo-cluster.ts";
import { PEOPLE, type DemoWorld } from "./demo-world.ts";
import { createStage, type Stage } from "./stage.ts";

/** Plays two nights by itself: a sealed node, and a lost peer with a gate. Throws at the first stage that was not really observed. */
export async function playTour(world: DemoWorld, io: Io): Promise<void> {
  const stage = createStage(world, io);
  const leader = await world.cluster.leader();
  const [first = "", second = ""] = world.cluster.nodes.map(({ name }) => name).filter((name) => name !== leader);
  await sealedNode(world, stage, first);
  await lostPeer(world, stage, second);
  io.out("\nEvery stage was observed. Start it for yourself: npm run demo");
}

async function sealedNode(world: DemoWorld, stage: Stage, node: string): Promise<void> {
  const { cluster } = world;
  stage.title(`03:02  ${node} of cluster ${CLUSTER} seals. Vault's own metrics would say nothing.`);
  await stage.metric("before: the metric says that it is not sealed", "sealwatch_node_sealed", { node, value: 0 });
  await cluster.seal(node);
  await stage.metric(`fault: sealwatch_node_sealed{vault_node="${node}"} is 1`, "sealwatch_node_sealed", {
    node,
    value: 1,
  });
  const card = await openCard(world, stage, "VaultNodeSealed");
  const runId = await openRunbook(world, stage, card);
  const waiting = await stage.run("the run waits for the holders of the key shares", runId, isAtManual);
  showSteps(stage, waiting);
  for (let holder = 0; holder < cluster.threshold; holder++) {
    await cluster.enterShare(node, holder);
    stage.say(`a holder enters a key share at ${node} itself (never through Slack)`);
    if (holder + 1 < cluster.threshold)
      await stage.message(`the thread shows ${holder + 1} of ${cluster.threshold}`, (message) =>
        showsProgress(message, holder + 1, cluster.threshold),
      );
  }
  await stage.metric("repair: the metric is 0 again", "sealwatch_node_sealed", { node, value: 0 });
  const ended = await stage.run(
    "the run verified it and is resolved",
    runId,
    ({ run }) => run.status === "finished" && run.result === "resolved",
  );
  showSteps(stage, ended);
  await resolvedCard(stage, card);
}

async function lostPeer(world: DemoWorld, stage: Stage, node: string): Promise<void> {
  const { cluster, slack } = world;
  stage.title(`04:10  ${node} is gone for good: the machine burnt, and its disk with it.`);
  await cluster.destroy(node);
  await stage.metric("fault: the margin is 0, one more loss stops the cluster", "sealwatch_raft_margin", { value: 0 });
  const card = await openCard(world, stage, "VaultQuorumAtRisk");
  const runId = await openRunbook(world, stage, card);
  await stage.run("the run asks a human whether the machine is gone for good", runId, isAtManual);
  const question = await stage.message("its message has a button", hasButton(ACTIONS.manualDone, runId));
  await slack.as(PEOPLE.alice).click(question.ts, ACTIONS.manualDone);
  const gated = await stage.run("the run stands at a gate: nothing is called before two others agree", runId, isAtGate);
  showSteps(stage, gated);
  const gate = await stage.message("the gate is a message of its own", hasButton(ACTIONS.confirmGate, runId));
  stage.show(gate);
  await refusedStarter(world, stage, gate);
  await wrongPhrase(world, stage, gate);
  await approve(world, stage, { person: "bob", runId, gate });
  await approve(world, stage, { person: "carol", runId, gate });
  await stage.see(`repair: ${node} is gone from raft's configuration, read from the cluster itself`, async () =>
    (await cluster.members()).includes(node) ? undefined : true,
  );
  await keepTheMargin(world, stage, runId);
  const ended = await stage.run(
    "the run is resolved",
    runId,
    ({ run }) => run.status === "finished" && run.result === "resolved",
  );
  showSteps(stage, ended);
  await resolvedCard(stage, card);
}

/** The run offers to follow the replacement; tonight nobody has one. */
async function keepTheMargin(world: DemoWorld, stage: Stage, runId: string): Promise<void> {
  const question = await stage.message("it asks whether a replacement joins now", hasButton(ACTIONS.answer, runId));
  const alice = world.slack.as(PEOPLE.alice);
  await alice.click(question.ts, ACTIONS.answer);
  await world.slack.waitForView(PEOPLE.alice, VIEWS.answer);
  await alice.submit(VIEWS.answer, { [BLOCKS.answer]: "finish" });
}

async function openCard(world: DemoWorld, stage: Stage, alert: string): Promise<StandInMessage> {
  await stage.see(`alert: ${alert} fires`, async () =>
    (await world.app.core.store.alerts.list()).find(({ key, status }) => key.includes(alert) && status === "firing"),
  );
  const card = await stage.message(
    "card: one message in the channel",
    (message) =>
      message.threadTs === undefined &&
      hasAction(message, ACTIONS.openRunbook) &&
      JSON.stringify(message.blocks).includes(alert),
  );
  stage.show(card);
  return card;
}

async function openRunbook(world: DemoWorld, stage: Stage, card: StandInMessage): Promise<string> {
  const before = new Set((await world.app.core.runs.list({ limit: 100 })).map(({ run }) => run.id));
  await world.slack.as(PEOPLE.alice).click(card.ts, ACTIONS.openRunbook);
  return await stage.see("alice presses Open runbook: the run starts in the card's thread", async () => {
    const runs = await world.app.core.runs.list({ limit: 100 });
    return runs.find(({ run }) => !before.has(run.id))?.run.id;
  });
}

async function refusedStarter(world: DemoWorld, stage: Stage, gate: StandInMessage): Promise<void> {
  const alice = world.slack.as(PEOPLE.alice);
  await alice.click(gate.ts, ACTIONS.confirmGate);
  await world.slack.waitForView(PEOPLE.alice, VIEWS.confirmGate);
  const answer = await alice.submit(VIEWS.confirmGate, { [BLOCKS.phrase]: CLUSTER });
  await stage.see("alice, who started the run, may not approve it", async () =>
    answer.outcome === "errors" ? true : undefined,
  );
  if (answer.outcome === "errors") stage.say(Object.values(answer.errors).join(" "));
  await alice.close(VIEWS.confirmGate);
}

async function wrongPhrase(world: DemoWorld, stage: Stage, gate: StandInMessage): Promise<void> {
  const bob = world.slack.as(PEOPLE.bob);
  await bob.click(gate.ts, ACTIONS.confirmGate);
  await world.slack.waitForView(PEOPLE.bob, VIEWS.confirmGate);
  const answer = await bob.submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "stage" });
  await stage.see("bob types another cluster's name and is refused", async () =>
    answer.outcome === "errors" ? true : undefined,
  );
  await bob.close(VIEWS.confirmGate);
}

async function approve(
  world: DemoWorld,
  stage: Stage,
  { person, runId, gate }: { person: "bob" | "carol"; runId: string; gate: StandInMessage },
): Promise<void> {
  const hands = world.slack.as(PEOPLE[person]);
  await hands.click(gate.ts, ACTIONS.confirmGate);
  await world.slack.waitForView(PEOPLE[person], VIEWS.confirmGate);
  await hands.submit(VIEWS.confirmGate, { [BLOCKS.phrase]: CLUSTER });
  await stage.run(`${person} types "${CLUSTER}" and approves`, runId, ({ run }) =>
    run.gates.some((record) => record.gate.votes.some((vote) => vote.by.name === person)),
  );
}

/** The alert says resolved, and so does the line of the run: the card is rendered from what is stored. */
async function resolvedCard(stage: Stage, card: StandInMessage): Promise<void> {
  const agreed = await stage.message("resolved: alert, run and card agree", (message) => {
    const blocks = JSON.stringify(message.blocks);
    return (
      message.ts === card.ts &&
      /:white_check_mark: Resolved <!date/u.test(blocks.replaceAll("*", "")) &&
      /:book:[^"]*\*Resolved\*/u.test(blocks)
    );
  });
  stage.show(agreed);
}

function showSteps(stage: Stage, { run }: LoadedRun): void {
  for (const step of run.steps.filter(({ status }) => status !== "pending" && status !== "skipped")) {
    stage.say(
      `${step.status === "done" ? "✔" : "▸"} ${step.title}${step.text === undefined ? "" : `: ${step.text.split("\n")[0]}`}`,
    );
  }
}

function isAtManual({ run }: LoadedRun): boolean {
  return run.status === "open" && run.phase.name === "manual";
}

function isAtGate({ run }: LoadedRun): boolean {
  return run.status === "open" && run.phase.name === "gate";
}

function showsProgress(message: StandInMessage, entered: number, threshold: number): boolean {
  return message.threadTs !== undefined && JSON.stringify(message.blocks).includes(`${entered} of ${threshold}`);
}

function hasAction(message: StandInMessage, action: string): boolean {
  return JSON.stringify(message.blocks).includes(`"action_id":"${action}"`);
}

function hasButton(action: string, runId: string): (message: StandInMessage) => boolean {
  return (message) => hasAction(message, action) && JSON.stringify(message.blocks).includes(runId);
}
