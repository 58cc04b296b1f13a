import { describe, expect, it } from "@jest/globals";
import { BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import type { Insight } from "../../../src/slack/insight.ts";
import { factsOf } from "../slash/fake-bot.ts";
import { checked, finished, gateOpened, started } from "../timeline.ts";
import { clusterOf, littleInsight, openWorld, textOf, type World } from "../world.ts";

/** Types a command as alice and gives what she alone is shown. */
async function typed(world: World, text: string, user = "U0ALICE"): Promise<string> {
  const before = world.slack.ephemerals(user).length;
  const delivery = await world.slack.as(user).slash("/vault", text);
  expect(delivery).toEqual({ outcome: "acked", payload: {} });
  await world.bot.idle();
  const answers = world.slack.ephemerals(user).slice(before);
  expect(answers).toHaveLength(1);
  expect(world.slack.messages().filter((message) => message.text.includes("Status"))).toEqual([]);
  return textOf(answers[0]);
}

describe("/vault", () => {
  it("lists what it can do, also for people without a role", async () => {
    await using world = await openWorld();
    for (const text of ["", "help"]) expect(await typed(world, text)).toContain("/vault status [cluster]");
    expect(await typed(world, "help", "U0DAVE")).toContain("/vault whoami");
  });

  it("suggests the subcommand that was meant", async () => {
    await using world = await openWorld();
    expect(await typed(world, "stauts prod")).toContain("Did you mean `/vault status`?");
  });

  it("shows nothing of the clusters to people without a role, and says which role is needed", async () => {
    await using world = await openWorld();
    for (const text of ["status", "runbook", "runs", "runbook sealed-node prod vault-2"]) {
      expect(await typed(world, text, "U0DAVE")).toContain("You need the role viewer");
    }
    expect(world.runs.started).toEqual([]);
  });

  it.each([
    { name: "a Vault token", secret: `hvs.${"canary".repeat(5)}`, says: "revoke it by its accessor" },
    { name: "a key share", secret: "c0ffee".repeat(11), says: "rekey the cluster" },
    { name: "a Slack token", secret: "xoxp-canary-canary-canary", says: "revoke it in the app" },
  ])("refuses $name wherever it stands, never repeats it and never logs it", async ({ secret, says }) => {
    await using world = await openWorld();
    for (const text of [secret, `status ${secret}`, `runbook sealed-node prod vault-2 key=${secret}`])
      expect(await typed(world, text)).toContain(says);
    expect(`${world.logs.join("\n")}${JSON.stringify(world.slack.payloads())}`).not.toContain(secret);
    expect(world.runs.started).toEqual([]);
  });

  it("says so when something fails that nobody foresaw", async () => {
    await using world = await openWorld({
      identify: () => {
        throw new Error("the list of people is broken");
      },
    });
    expect(await typed(world, "status")).toContain("Something failed here");
  });
});

/** Three nodes of prod: one leads, one stands by, one is sealed; nothing is known of staging. */
const insight: Insight = {
  ...littleInsight,
  cluster: async (name) =>
    await Promise.resolve(name === "prod" ? factsOf(clusterOf("prod", ["vault-0", "vault-1", "vault-2"])) : undefined),
};

describe("/vault status", () => {
  it("shows every node of every cluster, to the person alone", async () => {
    await using world = await openWorld({ insight });
    const text = await typed(world, "status");
    for (const part of [
      "*prod*",
      "*staging*: :grey_question:",
      "`vault-0` (2.4.0)",
      "leader `vault-0`",
      "*sealed*  `vault-2` (1 of 3 key shares)",
      "standby  `vault-1`",
    ])
      expect(text).toContain(part);
  });

  it("shows one cluster, and suggests the one that was meant", async () => {
    await using world = await openWorld({ insight });
    expect(await typed(world, "status prod")).not.toContain("*staging*");
    expect(await typed(world, "status pord")).toContain("Did you mean `prod`?");
  });
});

describe("/vault runbook", () => {
  it("lists the runbooks with the alerts they answer", async () => {
    await using world = await openWorld();
    const text = await typed(world, "runbook");
    expect(text).toContain("`sealed-node` A node is sealed");
    expect(text).toContain("`VaultNodeSealed`");
  });

  it.each([
    "runbook sealed-node prod vault-2",
    "runbook sealed-node node=vault-2 cluster=prod",
    "runbook sealed-node vault-2 cluster=prod",
  ])("starts at once when every input is given: %s", async (text) => {
    await using world = await openWorld();
    world.runs.answerStart = () => ({ ok: true, runId: "R7" });
    expect(await typed(world, text)).toContain("Started run `R7`");
    expect(world.runs.started).toEqual([
      {
        runbook: "sealed-node",
        inputs: { cluster: "prod", node: "vault-2" },
        by: expect.objectContaining({ id: "alice" }),
        origin: { surface: "slack" },
      },
    ]);
  });

  it("asks for missing inputs in a form, and starts with all of them", async () => {
    await using world = await openWorld();
    world.runs.answerStart = () => ({ ok: true, runId: "R7" });
    await world.slack.as("U0ALICE").slash("/vault", "runbook sealed-node");
    await world.slack.waitForView("U0ALICE", VIEWS.startRun);
    await world.slack
      .as("U0ALICE")
      .submit(VIEWS.startRun, { "sealwatch.input.cluster": "prod", "sealwatch.input.node": "vault-1" });
    await world.bot.idle();
    expect(world.runs.started).toEqual([expect.objectContaining({ inputs: { cluster: "prod", node: "vault-1" } })]);
    expect(
      world.slack
        .ephemerals("U0ALICE")
        .map((held) => held.text)
        .join(),
    ).toContain("Started run `R7`");
  });

  it("keeps the form with the run service's words while it says no", async () => {
    await using world = await openWorld();
    world.runs.answerStart = () => ({ ok: false, why: "vault-s0 is not a node of prod", code: "role" });
    await world.slack.as("U0ALICE").slash("/vault", "runbook sealed-node prod");
    await world.slack.waitForView("U0ALICE", VIEWS.startRun);
    const outcome = await world.slack.as("U0ALICE").submit(VIEWS.startRun, { "sealwatch.input.node": "vault-2" });
    expect(outcome).toEqual({ outcome: "errors", errors: { [BLOCKS.runHow]: "vault-s0 is not a node of prod" } });
  });

  it("asks for nothing that has only one answer", async () => {
    await using world = await openWorld({ clusters: [clusterOf("prod", ["vault-0", "vault-2"])] });
    world.runs.answerStart = () => ({ ok: true, runId: "R7" });
    await typed(world, "runbook sealed-node node=vault-2");
    expect(world.runs.started).toEqual([expect.objectContaining({ inputs: { cluster: "prod", node: "vault-2" } })]);
  });

  it.each([
    { text: "runbook selaed-node", says: "Did you mean `sealed-node`?" },
    { text: "runbook sealed-node pord vault-2", says: "Did you mean `prod`?" },
    { text: "runbook sealed-node prod vault-22", says: "Did you mean `vault-2`?" },
    { text: "runbook sealed-node prod vault-2 nodes=x", says: "Did you mean `node`?" },
    { text: "runbook sealed-node prod vault-2 more", says: "one word too many" },
  ])("refuses and helps: /vault $text", async ({ text, says }) => {
    await using world = await openWorld();
    expect(await typed(world, text)).toContain(says);
    expect(world.runs.started).toEqual([]);
  });

  it("tells why the run service does not start it", async () => {
    await using world = await openWorld();
    world.runs.answerStart = () => ({ ok: false, why: "starting needs the role responder", code: "role" });
    expect(await typed(world, "runbook sealed-node prod vault-2", "U0CAROL")).toContain("needs the role responder");
  });
});

describe("/vault runs", () => {
  it("lists open runs and those that ended, with their pages", async () => {
    await using world = await openWorld();
    world.runs.append("R1", started("R1"), ...checked(), finished());
    world.runs.append("R2", started("R2"), ...gateOpened());
    await world.bot.idle();
    const text = await typed(world, "runs");
    expect(text).toContain("<https://sealwatch.example/runs/R2|R2>");
    expect(text).toContain("waiting for approval");
    expect(text).toContain("vault-2 serves again.");
  });

  it("says what to do when there are none", async () => {
    await using world = await openWorld();
    expect(await typed(world, "runs")).toContain("There are no runs yet");
  });
});
