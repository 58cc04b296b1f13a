import { describe, expect, it } from "@jest/globals";
import type { Role } from "../../../src/access/person.ts";
import type { Runbook } from "../../../src/runbook/schema.ts";
import { keepHome } from "../../../src/slack/home/keep-home.ts";
import { ACTIONS, KEYS } from "../../../src/slack/ids.ts";
import type { Block } from "../../../src/slack/render/content.ts";
import { fitView } from "../../../src/slack/render/limits.ts";
import { gate, gateOpened, manualBegun, runbook, started, stuck, T0, TYPED } from "../timeline.ts";
import { actorOf, homeWorld, pageOf, WELL } from "./home-world.ts";

const DAY = 86_400_000;

async function shown(prepare: (given: ReturnType<typeof homeWorld>) => void): Promise<readonly Block[]> {
  const given = homeWorld();
  prepare(given);
  await keepHome(given.keeper, given.item());
  return given.published[0]?.blocks ?? [];
}

function actionsOf(blocks: readonly Block[]): readonly string[] {
  return [...pageOf(blocks).matchAll(/"action_id":"(?<id>[^"]+)"/gu)].map(({ groups }) => groups?.["id"] ?? "");
}

describe("a gate in Home", () => {
  it("says the exact call, why it is safe, what it costs and what proves success, and can be decided there", async () => {
    const blocks = await shown(({ happen }) => happen("R1", started("R1"), ...gateOpened()));
    const page = pageOf(blocks);
    expect(page).toContain("PUT sys/step-down on vault-0");
    expect(page).toContain("3 voters, 3 healthy");
    expect(page).toContain("No leader for some seconds.");
    expect(page).toContain("Another node says that it leads.");
    expect(page).toContain("This waits for you");
    expect(page).toContain('"value":"R1:step_down.1"');
    expect(actionsOf(blocks)).toEqual(expect.arrayContaining([ACTIONS.approve, ACTIONS.reject]));
  });

  it("says what changed since the plan before, which plan it is, and that there are more facts", async () => {
    const { plan } = gate();
    const preconditions = Array.from({ length: 7 }, (_, at) => ({
      name: `f${at}`,
      ok: true,
      value: at,
      text: `fact ${at}`,
    }));
    const change = { differences: ["voters: 3, now 2"], plan: { ...plan, preconditions } };
    const page = pageOf(await shown(({ happen }) => happen("R1", started("R1"), ...gateOpened(change))));
    expect(page).toContain("changed since the plan that was shown before: voters: 3, now 2");
    expect(page).toContain("_3 more facts stand in the gate's own message_");
    expect(page).toContain("plan `cdcdcdcdcdcd`");
  });

  it("asks for the cluster's name where that must be typed", async () => {
    const blocks = await shown(({ happen }) => happen("R1", started("R1"), ...gateOpened(TYPED)));
    expect(actionsOf(blocks)).toContain(ACTIONS.confirmGate);
    expect(actionsOf(blocks)).not.toContain(ACTIONS.approve);
  });

  it("links the gate's own message, and asks Slack for its address once", async () => {
    const { world, keeper, item, published, messages, happen } = homeWorld();
    happen("R1", started("R1"), ...gateOpened());
    await messages.put({ key: KEYS.gate("R1", "step_down.1"), channel: "C0INCIDENTS", ts: "1.000200", digest: "live" });
    const opened = item();
    await keepHome(keeper, opened);
    expect(pageOf(published[0]?.blocks)).toContain(
      "<https://example.slack.com/archives/C0INCIDENTS/p1000200|Open the gate>",
    );
    world.now += 10_000;
    await keepHome(keeper, opened);
    expect(world.links).toBe(1);
  });

  const others = [
    { name: "the starter", actor: actorOf("alice", "approver") },
    { name: "a responder", actor: actorOf("bob", "responder") },
    { name: "a viewer", actor: actorOf("bob", "viewer") },
  ];
  it.each(others)("is not offered to $name", async ({ actor }) => {
    const blocks = await shown(({ world, happen }) => {
      world.actor = actor;
      happen("R1", started("R1"), ...gateOpened());
    });
    expect(actionsOf(blocks)).not.toContain(ACTIONS.approve);
    expect(pageOf(blocks)).toContain("Nothing waits for you");
    expect(pageOf(blocks)).toContain("waits for approval");
  });

  const changes = [
    { name: "a group that the person is not of", change: { groups: ["dba"] } },
    {
      name: "the person's own yes",
      change: { votes: [{ by: { id: "bob", name: "bob" }, at: T0 + 4000 }], approvals: 2 },
    },
    { name: "its end", change: { expiresAt: T0 + 30_000 } },
  ];
  it.each(changes)("is not offered because of $name", async ({ change }) => {
    const blocks = await shown(({ happen }) => happen("R1", started("R1"), ...gateOpened(change)));
    expect(actionsOf(blocks)).not.toContain(ACTIONS.approve);
  });

  it("is offered to somebody of the group that it asks for", async () => {
    const blocks = await shown(({ world, happen }) => {
      world.actor = actorOf("bob", "approver", { groups: ["dba"] });
      happen("R1", started("R1"), ...gateOpened({ groups: ["dba"] }));
    });
    expect(actionsOf(blocks)).toContain(ACTIONS.approve);
  });
});

describe("many gates", () => {
  it("are all counted, whatever else waits longer", async () => {
    const blocks = await shown(({ happen }) => {
      for (let at = 0; at < 50; at++) happen(`S${at}`, started(`S${at}`), ...stuck());
      for (let at = 0; at < 10; at++) happen(`R${at}`, started(`R${at}`), ...gateOpened());
    });
    expect(actionsOf(blocks).filter((id) => id === ACTIONS.approve)).toHaveLength(6);
    expect(pageOf(blocks)).toContain("and 4 more gates");
  });
});

describe("what else waits", () => {
  it("is offered to a responder: work, and a step that failed", async () => {
    const blocks = await shown(({ world, happen }) => {
      world.actor = actorOf("carol", "responder");
      happen("R1", started("R1"), ...manualBegun());
      happen("R2", started("R2"), ...stuck());
    });
    expect(pageOf(blocks)).toContain("*Your turn*");
    expect(pageOf(blocks)).toContain("waiting for work by a human");
    expect(pageOf(blocks)).toContain("no answer in 5s");
  });

  it("is only seen by a viewer", async () => {
    const blocks = await shown(({ world, happen }) => {
      world.actor = actorOf("carol", "viewer");
      happen("R1", started("R1"), ...manualBegun());
    });
    expect(pageOf(blocks)).not.toContain("*Your turn*");
    expect(pageOf(blocks)).toContain("*Open runs*");
  });
});

describe("what there is to know", () => {
  it("says which clusters are well, and what is wrong with the others", async () => {
    const page = pageOf(await shown(() => {}));
    expect(page).toContain(":white_check_mark: *prod* 3 of 3 serve · `vault-0` leads · awskms · 1 more may be lost");
    const broken = await shown(({ world }) => {
      world.facts = {
        ...WELL,
        margin: 0,
        nodes: WELL.nodes.map((node, at) => (at === 2 ? { ...node, state: "sealed" } : node)),
      };
    });
    expect(pageOf(broken)).toContain(
      ":warning: *prod* 2 of 3 serve · `vault-0` leads · `vault-2` sealed · awskms · *1 more loss stops it*",
    );
    const unknown = await shown(({ world }) => {
      world.facts = undefined;
    });
    expect(pageOf(unknown)).toContain(":grey_question: *prod* nothing is known");
  });

  it("says that nobody leads, that two do, and that quorum is lost", async () => {
    const states = async (...given: readonly ("active" | "standby" | "unreachable")[]) =>
      pageOf(
        await shown(({ world }) => {
          const nodes = given.map((state, at) => ({ name: `vault-${at}`, state, version: undefined }));
          world.facts = { ...WELL, margin: -1, nodes };
        }),
      );
    expect(await states("standby", "unreachable")).toContain("*no leader* · `vault-1` unreachable");
    expect(await states("active", "active")).toContain("*two nodes call themselves leader*");
    expect(await states("standby", "unreachable")).toContain("*quorum is lost*");
  });

  it("shows stale backups before fresh ones, and says why one cannot be read", async () => {
    const common = { cluster: "prod", at: T0, maxAgeMs: DAY, why: undefined } as const;
    const newest = { at: T0, bytes: 1 };
    const page = pageOf(
      await shown(({ world }) => {
        world.backups = [
          { ...common, name: "fresh-one", newest, state: "fresh" },
          { ...common, name: "unread", newest: undefined, state: "unknown", why: "no answer in 5s" },
          { ...common, name: "old-one", newest, state: "stale" },
          { ...common, name: "none", newest: undefined, state: "missing" },
        ];
      }),
    );
    const order = ["`none` there is none", "`old-one`", "`unread` cannot be read: no answer in 5s", "`fresh-one`"];
    const places = order.map((text) => page.indexOf(text));
    expect(places.every((at) => at > 0)).toBe(true);
    expect(places).toEqual([...places].sort((left, right) => left - right));
    expect(page).toContain("at most 1d is wanted");
  });

  it("shows the drills that are due and no other", async () => {
    const common = { everyMs: 90 * DAY, runbook: "sealed-node" };
    const page = pageOf(
      await shown(({ world }) => {
        world.drills = [
          { ...common, title: "Due drill", lastAt: T0 - 91 * DAY, dueAt: T0 - DAY },
          { ...common, title: "Later drill", lastAt: T0, dueAt: T0 + 90 * DAY },
          { ...common, title: "Undated drill", lastAt: undefined, dueAt: undefined },
        ];
      }),
    );
    expect(page).toContain("Due drill");
    expect(page).toContain("`/vault runbook sealed-node --drill`");
    expect(page).not.toContain("Later drill");
    expect(page).not.toContain("Undated drill");
  });

  it("lets no foreign text be markup", async () => {
    const page = pageOf(
      await shown(({ happen }) =>
        happen("R1", started("R1", { surface: "cli" }, "<!channel> *bold*"), ...stuck("<@U0BOB>")),
      ),
    );
    expect(page).not.toContain("<!channel>");
    expect(page).not.toContain("<@U0BOB>");
  });
});

describe("the runbooks", () => {
  it("are buttons when they are few", async () => {
    const blocks = await shown(() => {});
    expect(pageOf(blocks)).toContain(`"action_id":"${ACTIONS.pickRunbook}"`);
    expect(pageOf(blocks)).toContain('"value":"sealed-node"');
  });

  it("are searched when they are many", async () => {
    const blocks = await shown(({ world }) => fill(world.catalog, 200));
    expect(pageOf(blocks)).toContain('"type":"external_select"');
    expect(pageOf(blocks)).toContain("201 of them");
  });

  it.each([
    ["viewer", false],
    ["responder", true],
  ] as const)("are offered to a %s: %s", async (role: Role, offered) => {
    const blocks = await shown(({ world }) => {
      world.actor = actorOf("carol", role);
    });
    expect(actionsOf(blocks).includes(ACTIONS.pickRunbook)).toBe(offered);
  });
});

function fill(catalog: Map<string, { runbook: Runbook }>, count: number): void {
  for (let at = 0; at < count; at++) {
    const id = `runbook-${at}`;
    catalog.set(id, {
      runbook: { ...runbook, id, title: `${"Long title ".repeat(12)}${at}`, meaning: "m".repeat(3000) },
    });
  }
}

describe("a night with everything at once", () => {
  it("stays within Slack's limits with 200 waiting runs, 20 clusters and 200 runbooks of long text", async () => {
    const clusters = Array.from({ length: 20 }, (_, at) => ({ name: `cluster-${at}-${"x".repeat(60)}` }));
    const given = homeWorld({ clusters: clusters as never });
    const { world, keeper, item, published, happen } = given;
    fill(world.catalog, 200);
    world.facts = {
      ...WELL,
      nodes: Array.from({ length: 7 }, (_, at) => ({
        name: `${"node".repeat(15)}${at}`,
        state: "sealed",
        version: "1",
      })),
    };
    world.backups = Array.from({ length: 40 }, (_, at) => ({
      cluster: "prod",
      name: `backup-${at}`,
      at: T0,
      newest: undefined,
      maxAgeMs: DAY,
      state: "unknown" as const,
      why: "<&>".repeat(300),
    }));
    world.drills = Array.from({ length: 40 }, (_, at) => ({
      runbook: `runbook-${at}`,
      title: "&".repeat(140),
      everyMs: DAY,
      lastAt: undefined,
      dueAt: T0,
    }));
    for (let at = 0; at < 200; at++)
      happen(
        `R${at}`,
        started(`R${at}`, { surface: "cli" }, `${"&".repeat(120)}${at}`),
        ...(at % 2 === 0 ? gateOpened() : stuck("<".repeat(3000))),
      );
    await keepHome(keeper, item());
    const blocks = published[0]?.blocks ?? [];
    expect(blocks.length).toBeLessThanOrEqual(100);
    const fitted = fitView({ type: "modal", title: { type: "plain_text", text: "Home" }, blocks: [...blocks] });
    const bare = (page: string): string => page.replaceAll(/,"(?:verbatim|emoji)":true/gu, "");
    expect(bare(pageOf(fitted.blocks as Block[])) === bare(pageOf(blocks))).toBe(true);
    expect(new TextEncoder().encode(pageOf(blocks)).length).toBeLessThan(250_000);
  });
});
