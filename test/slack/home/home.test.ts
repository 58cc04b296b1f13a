import { describe, expect, it } from "@jest/globals";
import { ACTIONS } from "../../../src/slack/ids.ts";
import { gateOpened, runbook, started } from "../timeline.ts";
import { openWorld, until } from "../world.ts";

describe("Home in Slack", () => {
  it("shows the gates that a person may approve, and takes the approval there", async () => {
    await using world = await openWorld();
    const { slack, runs, bot } = world;
    runs.answer = ({ runId }) => ({ ok: true, runId });
    runs.append("R1", started("R1"), ...gateOpened());
    await slack.as("U0BOB").openHome();
    await until(() => JSON.stringify(slack.homes("U0BOB") ?? {}).includes("PUT sys/step-down on vault-0"));
    await slack.as("U0BOB").clickHome(ACTIONS.approve);
    await until(() => runs.asked.length > 0);
    expect(runs.asked).toMatchObject([{ type: "approve", runId: "R1", gateId: "step_down.1", by: { name: "bob" } }]);
    await bot.idle();
  });

  it("shows what changed while the person looks, though nobody noted their Home", async () => {
    await using world = await openWorld();
    const { slack, runs, bot, time } = world;
    await slack.as("U0BOB").openHome();
    await until(() => slack.homes("U0BOB") !== undefined);
    runs.append("R1", started("R1"), ...gateOpened());
    await bot.idle();
    await time.pass(10_001);
    await until(() => JSON.stringify(slack.homes("U0BOB")).includes("PUT sys/step-down on vault-0"));
  });

  it("tells a stranger whom to ask", async () => {
    await using world = await openWorld({ askWhom: async () => await Promise.resolve(["U0BOB"]) });
    await world.slack.as("U0DAVE").openHome();
    await until(() => world.slack.homes("U0DAVE") !== undefined);
    expect(JSON.stringify(world.slack.homes("U0DAVE"))).toContain("<@U0BOB>");
  });

  it("starts a runbook", async () => {
    await using world = await openWorld();
    const { slack } = world;
    await slack.as("U0ALICE").openHome();
    await until(() => JSON.stringify(slack.homes("U0ALICE") ?? {}).includes(ACTIONS.pickRunbook));
    await slack.as("U0ALICE").clickHome(ACTIONS.pickRunbook, "sealed-node");
    await until(() => JSON.stringify(slack.views("U0ALICE")).includes("A node is sealed"));
  });

  it("finds a runbook among many by what is typed", async () => {
    const many = Array.from({ length: 150 }, (_, at) => ({ ...runbook, id: `other-${at}`, title: `Other ${at}` }));
    const catalog = new Map([...many, runbook].map((each) => [each.id, { runbook: each }]));
    await using world = await openWorld({ catalog: () => catalog });
    const alice = world.slack.as("U0ALICE");
    await alice.openHome();
    await until(() => JSON.stringify(world.slack.homes("U0ALICE") ?? {}).includes("external_select"));
    const found = await alice.suggest("home", ACTIONS.pickRunbook, "sealed");
    expect(JSON.stringify(found)).toContain('"sealed-node"');
    await alice.select("home", ACTIONS.pickRunbook, "sealed-node");
    await until(() => JSON.stringify(world.slack.views("U0ALICE")).includes("A node is sealed"));
  });
});
