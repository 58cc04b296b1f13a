import { describe, expect, it } from "@jest/globals";
import type { StandInView } from "../../../src/sandbox/slack/workspace.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { identify } from "../memory.ts";
import { catalogOf, runbookOf } from "../slash/fake-bot.ts";
import { clusterOf, openWorld, type World } from "../world.ts";

const rotate = runbookOf("rotate-keys", {
  title: "Rotate the encryption key",
  meaning: "The keyring is old.",
  inputs: {
    cluster: { type: "cluster", description: "Where" },
    node: { type: "node" },
    speed: { type: "enum", options: ["fast", "slow"], default: "slow" },
    sure: { type: "bool" },
    count: { type: "int", min: 1, max: 9, default: 3 },
    grace: { type: "duration", min: "10s", default: "5m" },
    ticket: { type: "string", pattern: "OPS-[0-9]+" },
  },
});

const field = BLOCKS.runInput;
const FILLED = { [field("sure")]: "yes", [field("ticket")]: "OPS-7" };

async function openForm(world: World, text = "runbook rotate-keys", user = "U0ALICE"): Promise<StandInView> {
  await world.slack.as(user).slash("/vault", text);
  return await world.slack.waitForView(user, VIEWS.startRun);
}

function startable(world: World): void {
  world.runs.answerStart = () => ({ ok: true, runId: "R7" });
}

const text = (view: StandInView): string => JSON.stringify(view.view);

function blockIds(view: StandInView): readonly string[] {
  return [...text(view).matchAll(/"block_id":"([^"]+)"/gu)].map(([, id]) => id ?? "");
}

describe("the form that starts a runbook, played through the stand-in", () => {
  it("offers the nodes of the cluster that is chosen in it, keeps what is filled in, and starts with everything", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    startable(world);
    const alice = world.slack.as("U0ALICE");
    const first = await openForm(world);
    expect(text(first)).toContain("vault-s0");
    await alice.select(VIEWS.startRun, ACTIONS.formCluster, "staging");
    await world.bot.idle();
    const second = world.slack.views("U0ALICE")[0];
    if (second === undefined) throw new Error("the form is gone");
    expect(text(second)).toContain("vault-s0");
    expect(text(second)).not.toContain("vault-0");
    expect(blockIds(second)).toContain(field("node", "staging"));
    const outcome = await alice.submit(VIEWS.startRun, {
      ...FILLED,
      [field("node", "staging")]: "vault-s0",
      [field("grace")]: "90s",
      [field("count")]: "5",
      [BLOCKS.runHow]: ["drill"],
    });
    expect(outcome).toEqual({ outcome: "closed" });
    await world.bot.idle();
    expect(world.runs.started).toEqual([
      expect.objectContaining({
        runbook: "rotate-keys",
        drill: true,
        inputs: {
          cluster: "staging",
          node: "vault-s0",
          speed: "slow",
          sure: "yes",
          count: "5",
          grace: "90s",
          ticket: "OPS-7",
        },
      }),
    ]);
    expect(world.runs.started[0]).not.toHaveProperty("dryRun");
    const said = await world.slack.waitForEphemeral("U0ALICE", ({ text: words }) => words.includes("Started"));
    expect(said.text).toBe("Started drill `R7`: its card is in <#C0INCIDENTS>.");
  });

  it("shows what was given, and asks only for the rest", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    startable(world);
    const view = await openForm(world, "runbook rotate-keys prod vault-1 count=4 --dry-run");
    expect(text(view)).toContain("*cluster* prod · *node* vault-1 · *count* 4");
    expect(blockIds(view)).toEqual([field("speed"), field("sure"), field("grace"), field("ticket"), BLOCKS.runHow]);
    expect(await world.slack.as("U0ALICE").submit(VIEWS.startRun, FILLED)).toEqual({ outcome: "closed" });
    expect(world.runs.started).toEqual([
      expect.objectContaining({
        dryRun: true,
        inputs: expect.objectContaining({ cluster: "prod", node: "vault-1", count: "4", grace: "5m" }),
      }),
    ]);
  });

  it.each([
    { name: "a text that does not fit", values: { [field("ticket")]: "x" }, at: field("ticket"), says: "pattern" },
    { name: "a time that is too short", values: { [field("grace")]: "1s" }, at: field("grace"), says: "at least 10s" },
    { name: "a time without its unit", values: { [field("grace")]: "5" }, at: field("grace"), says: "with its unit" },
    { name: "a number that is too large", values: { [field("count")]: "10" }, at: field("count"), says: "at most 9" },
    {
      name: "a secret",
      values: { [field("ticket")]: `hvs.${"Canary0".repeat(4)}` },
      at: field("ticket"),
      says: "That looks like a Vault token",
    },
    {
      name: "a node of another cluster",
      values: { [field("cluster")]: "staging", [field("node")]: "vault-0" },
      at: field("node"),
      says: "There is no such node here",
    },
  ])("says what is wrong at its field, starts nothing and repeats nothing: $name", async ({ values, at, says }) => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    startable(world);
    await openForm(world);
    const good = { [field("cluster")]: "prod", [field("node")]: "vault-0", ...FILLED };
    const outcome = await world.slack.as("U0ALICE").submit(VIEWS.startRun, { ...good, ...values });
    expect(outcome).toEqual({ outcome: "errors", errors: { [at]: expect.stringContaining(says) } });
    expect(world.runs.started).toEqual([]);
    expect(`${world.logs.join("\n")}${JSON.stringify(world.slack.payloads())}`).not.toContain("Canary0");
  });

  it("says at several fields at once what is wrong", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    await openForm(world, "runbook rotate-keys prod vault-0");
    const outcome = await world.slack
      .as("U0ALICE")
      .submit(VIEWS.startRun, { [field("sure")]: "no", [field("ticket")]: "x", [field("grace")]: "1s" });
    expect(Object.keys("errors" in outcome ? outcome.errors : {})).toEqual([field("grace"), field("ticket")]);
  });

  it("starts no other text than the person saw: when the runbook changed meanwhile, they must look again", async () => {
    let digest = "ab".repeat(32);
    await using world = await openWorld({ catalog: () => new Map([["rotate-keys", { runbook: rotate, digest }]]) });
    startable(world);
    await openForm(world, "runbook rotate-keys prod vault-0");
    digest = "cd".repeat(32);
    const outcome = await world.slack.as("U0ALICE").submit(VIEWS.startRun, FILLED);
    expect(outcome).toEqual({
      outcome: "errors",
      errors: { [field("speed")]: expect.stringContaining("The runbook changed since this form was opened") },
    });
    digest = "ab".repeat(32);
    expect(await world.slack.as("U0ALICE").submit(VIEWS.startRun, FILLED)).toEqual({ outcome: "closed" });
  });

  it("says so when the runbook is gone", async () => {
    let books = catalogOf(rotate);
    await using world = await openWorld({ catalog: () => books() });
    await openForm(world, "runbook rotate-keys prod vault-0");
    books = catalogOf();
    const outcome = await world.slack.as("U0ALICE").submit(VIEWS.startRun, FILLED);
    expect(outcome).toEqual({ outcome: "errors", errors: { [field("speed")]: expect.stringContaining("is gone") } });
  });

  it("puts the words about a role where a dry run is ticked, and starts one for a viewer", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    world.runs.answerStart = ({ dryRun }) =>
      dryRun === true ? { ok: true, runId: "R7" } : { ok: false, why: "carol may not start runs", code: "role" };
    const view = await openForm(world, "runbook rotate-keys prod vault-0", "U0CAROL");
    expect(text(view)).toContain("With the role viewer you may start a *dry run*.");
    const carol = world.slack.as("U0CAROL");
    expect(await carol.submit(VIEWS.startRun, { ...FILLED, [BLOCKS.runHow]: [] })).toEqual({
      outcome: "errors",
      errors: { [BLOCKS.runHow]: "carol may not start runs" },
    });
    expect(await carol.submit(VIEWS.startRun, { ...FILLED, [BLOCKS.runHow]: ["dry-run"] })).toEqual({
      outcome: "closed",
    });
    expect(world.runs.started).toHaveLength(2);
  });

  it("shows a stranger nothing of the runbook", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    await world.slack.as("U0DAVE").slash("/vault", "runbook rotate-keys");
    await world.bot.idle();
    const [view] = world.slack.views("U0DAVE");
    if (view === undefined) throw new Error("there is no modal");
    expect(text(view)).toContain("You need the role viewer");
    expect(JSON.stringify(world.slack.payloads())).not.toContain("Rotate the encryption key");
  });

  it("opens something at once, however long it takes to find out who asks", async () => {
    const { promise: known, resolve } = Promise.withResolvers<undefined>();
    await using world = await openWorld({
      catalog: catalogOf(rotate),
      identify: async (id) => {
        await known;
        return await identify(id);
      },
    });
    await world.slack.as("U0ALICE").slash("/vault", "runbook rotate-keys");
    while (world.slack.views("U0ALICE").length === 0) await new Promise((next) => setImmediate(next));
    expect(JSON.stringify(world.slack.views("U0ALICE"))).toContain("One moment…");
    resolve(undefined);
    expect(text(await world.slack.waitForView("U0ALICE", VIEWS.startRun))).toContain("Rotate the encryption key");
  });

  it("says what to do when Slack opens no form", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    world.slack.failNext("views.open", { error: "expired_trigger_id" });
    await world.slack.as("U0ALICE").slash("/vault", "runbook rotate-keys");
    const said = await world.slack.waitForEphemeral("U0ALICE", () => true);
    expect(said.text).toContain("Slack did not open the form");
    expect(said.text).toContain("`/vault runbook <id>");
  });

  it("opens one form, and says nothing more, when Slack delivers the command twice", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate) });
    world.slack.deliverTwice(true);
    await openForm(world);
    await world.bot.idle();
    expect(world.slack.views("U0ALICE")).toHaveLength(1);
    expect(text(world.slack.views("U0ALICE")[0] as StandInView)).toContain("Rotate the encryption key");
    expect(world.slack.ephemerals("U0ALICE")).toEqual([]);
  });

  it("says nothing to whoever closed it before it was filled", async () => {
    const { promise: known, resolve } = Promise.withResolvers<undefined>();
    await using world = await openWorld({
      catalog: catalogOf(rotate),
      identify: async (id) => {
        await known;
        return await identify(id);
      },
    });
    await world.slack.as("U0ALICE").slash("/vault", "runbook rotate-keys");
    while (world.slack.views("U0ALICE").length === 0) await new Promise((next) => setImmediate(next));
    await world.slack.as("U0ALICE").close(world.slack.views("U0ALICE")[0]?.id ?? "");
    resolve(undefined);
    await world.bot.idle();
    expect(world.slack.ephemerals("U0ALICE")).toEqual([]);
  });
});

describe("a form with more nodes than a list holds", () => {
  const many = Array.from({ length: 150 }, (_, index) => `vault-${String(index).padStart(3, "0")}`);
  const long = `vault-long-${"n".repeat(90)}-0`;
  const clusters = [clusterOf("prod", many), clusterOf("staging", [long])];

  it("lets people search for the node, and starts on it", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate), clusters });
    startable(world);
    await openForm(world, "runbook rotate-keys prod");
    const alice = world.slack.as("U0ALICE");
    expect(await alice.suggest(VIEWS.startRun, ACTIONS.input, "")).toHaveLength(100);
    expect((await alice.suggest(VIEWS.startRun, ACTIONS.input, "14")).map(({ value }) => value)).toEqual([
      "vault-014",
      "vault-114",
      ...many.slice(140),
    ]);
    const outcome = await alice.submit(VIEWS.startRun, { ...FILLED, [field("node")]: "vault-149" });
    expect(outcome).toEqual({ outcome: "closed" });
    expect(world.runs.started[0]?.inputs["node"]).toBe("vault-149");
  });

  it("finds a name that is too long for Slack, and starts on exactly that", async () => {
    await using world = await openWorld({ catalog: catalogOf(rotate), clusters });
    startable(world);
    await openForm(world, "runbook rotate-keys staging");
    const alice = world.slack.as("U0ALICE");
    const [option] = await alice.suggest(VIEWS.startRun, ACTIONS.input, "LONG");
    expect(String(option?.["value"]).length).toBeLessThan(75);
    await alice.submit(VIEWS.startRun, { ...FILLED, [field("node")]: String(option?.["value"]) });
    expect(world.runs.started[0]?.inputs["node"]).toBe(long);
  });

  it("suggests nothing to a stranger", async () => {
    const roles: { held: "responder" | undefined } = { held: "responder" };
    await using world = await openWorld({
      catalog: catalogOf(rotate),
      clusters,
      identify: async (id) => ({ ...(await identify(id)), role: roles.held }),
    });
    await openForm(world, "runbook rotate-keys prod");
    roles.held = undefined;
    expect(await world.slack.as("U0ALICE").suggest(VIEWS.startRun, ACTIONS.input, "")).toEqual([]);
  });
});

describe("the list of runbooks", () => {
  it("is searched as people type, and opens the form of what they choose without starting it", async () => {
    const stale = runbookOf("stale-backup", { title: "Backups are too old", alerts: ["VaultBackupStale"] });
    await using world = await openWorld({ catalog: catalogOf(rotate, stale) });
    startable(world);
    const alice = world.slack.as("U0ALICE");
    await alice.slash("/vault", "runbook");
    const { ts } = await world.slack.waitForEphemeral("U0ALICE", () => true);
    expect((await alice.suggest(ts, ACTIONS.pickRunbook, "")).map(({ value }) => value)).toEqual([
      "rotate-keys",
      "stale-backup",
    ]);
    expect((await alice.suggest(ts, ACTIONS.pickRunbook, "too OLD backup")).map(({ value }) => value)).toEqual([
      "stale-backup",
    ]);
    await alice.select(ts, ACTIONS.pickRunbook, "stale-backup");
    const view = await world.slack.waitForView("U0ALICE", VIEWS.startRun);
    expect(text(view)).toContain("Backups are too old");
    expect(world.runs.started).toEqual([]);
    expect(await alice.submit(VIEWS.startRun, {})).toEqual({ outcome: "closed" });
    expect(world.runs.started).toEqual([expect.objectContaining({ runbook: "stale-backup", inputs: {} })]);
  });
});
