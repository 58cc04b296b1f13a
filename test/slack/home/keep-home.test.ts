import { webApi } from "@slack/bolt";
import { describe, expect, it } from "@jest/globals";
import { homeOpened } from "../../../src/slack/home/home-opened.ts";
import { keepHome } from "../../../src/slack/home/keep-home.ts";
import { checked, started, T0 } from "../timeline.ts";
import { actorOf, homeWorld, pageOf } from "./home-world.ts";

const GAP_MS = 10_000;
const MINUTE = 60_000;

function refusal(error: string): Error {
  return new webApi.WebAPIPlatformError({ ok: false, error });
}

describe("opening Home", () => {
  it("notes the person's Home, and asks nothing of Slack", async () => {
    const noted: unknown[] = [];
    const outbox = { note: async (...given: readonly unknown[]) => void noted.push(given) };
    await homeOpened({ outbox: outbox as never, clock: { now: () => T0 } }, "U0BOB");
    expect(noted).toEqual([["home:U0BOB", T0]]);
  });
});

describe("keeping a Home true", () => {
  it("publishes it once it was opened, and looks again ten seconds later", async () => {
    const { keeper, item, published } = homeWorld();
    expect(await keepHome(keeper, item())).toBe(GAP_MS);
    expect(published).toMatchObject([{ to: "U0BOB" }]);
  });

  it("publishes nothing while nothing changes", async () => {
    const { world, keeper, item, published } = homeWorld();
    const opened = item();
    await keepHome(keeper, opened);
    for (let look = 0; look < 5; look++) {
      world.now += GAP_MS;
      await keepHome(keeper, opened);
    }
    expect(published).toHaveLength(1);
  });

  it("shows a run that changed at the next look, though nobody noted it", async () => {
    const { world, keeper, item, published, happen } = homeWorld();
    const opened = item();
    await keepHome(keeper, opened);
    happen("R1", started("R1"), ...checked());
    world.now += GAP_MS;
    await keepHome(keeper, opened);
    expect(published).toHaveLength(2);
    expect(pageOf(published[1]?.blocks)).toContain("A node is sealed");
  });

  it("publishes at most once in ten seconds, also after a restart", async () => {
    const { world, keeper, item, published, messages } = homeWorld();
    await keepHome(keeper, item());
    const again = homeWorld({ messages });
    again.world.now = world.now + 3000;
    expect(await keepHome(again.keeper, again.item())).toBe(GAP_MS - 3000);
    expect([...published, ...again.published]).toHaveLength(1);
  });

  it("waits no longer than that when another replica's clock is ahead", async () => {
    const { world, keeper, item, published } = homeWorld();
    await keepHome(keeper, item());
    world.now -= 60 * MINUTE;
    expect(await keepHome(keeper, item())).toBe(GAP_MS);
    expect(published).toHaveLength(1);
  });

  it("publishes again when it is opened again, though nothing changed: somebody may have reinstalled the app", async () => {
    const { world, keeper, item, published } = homeWorld();
    await keepHome(keeper, item());
    world.now += MINUTE;
    await keepHome(keeper, item());
    expect(published).toHaveLength(2);
  });

  it("stops looking ten minutes after it was opened", async () => {
    const { world, keeper, item } = homeWorld();
    const opened = item();
    await keepHome(keeper, opened);
    world.now += 10 * MINUTE - GAP_MS - 1;
    expect(await keepHome(keeper, opened)).toBe(GAP_MS);
    world.now += GAP_MS;
    expect(await keepHome(keeper, opened)).toBeUndefined();
  });

  it("reads the state once for everybody who looks within five seconds", async () => {
    const { world, keeper } = homeWorld();
    const watchers = ["U0ALICE", "U0BOB", "U0CAROL"];
    await Promise.all(
      watchers.map(async (id) => await keepHome(keeper, { subject: `home:${id}`, revision: 1, changedAt: world.now })),
    );
    expect(world.reads).toBe(1);
    world.now += 5000;
    await keepHome(keeper, { subject: "home:U0DAVE", revision: 1, changedAt: world.now });
    expect(world.reads).toBe(2);
  });

  it("asks the state again after it could not be read", async () => {
    let broken = true;
    const { runs } = homeWorld();
    const summaries = async () => {
      if (broken) throw new Error("the database is away");
      return await Promise.resolve([]);
    };
    const { keeper, item, published } = homeWorld({ runs: { ...runs, summaries } });
    await expect(keepHome(keeper, item())).rejects.toThrow("the database is away");
    broken = false;
    await keepHome(keeper, item());
    expect(published).toHaveLength(1);
  });
});

describe("what Slack answers", () => {
  it("waits as long as a 429 says, and shows the latest state then", async () => {
    const { world, keeper, item, published } = homeWorld();
    world.failures.push(new webApi.WebAPIRateLimitedError(30));
    expect(await keepHome(keeper, item())).toBe(30_000);
    expect(await keepHome(keeper, item())).toBe(GAP_MS);
    expect(published).toHaveLength(1);
  });

  it("throws when nobody knows whether it arrived, so that the sender tries again", async () => {
    const { world, keeper, item, messages } = homeWorld();
    world.failures.push(new Error("socket hang up"));
    await expect(keepHome(keeper, item())).rejects.toThrow("socket hang up");
    expect(messages.all.size).toBe(0);
  });

  it("shows the simplest page when Slack takes no other, and says so in the log", async () => {
    const { world, keeper, item, published, logs } = homeWorld();
    world.failures.push(refusal("invalid_blocks"));
    await keepHome(keeper, item());
    expect(pageOf(published[0]?.blocks)).toContain("cannot be drawn now");
    expect(logs.join("\n")).toContain("invalid_blocks");
  });

  it("does not ask again at once for an app without a Home", async () => {
    const { world, keeper, item, published } = homeWorld();
    world.failures.push(refusal("not_enabled"));
    expect(await keepHome(keeper, item())).toBe(GAP_MS);
    expect(published).toHaveLength(0);
    world.now += GAP_MS;
    await keepHome(keeper, item(T0));
    expect(published).toHaveLength(0);
  });
});

describe("somebody without a role", () => {
  it("reads whom to ask and what to tell them, and nothing of the clusters", async () => {
    const { world, keeper, item, published } = homeWorld({ askWhom: async () => ["U0ADMIN"] });
    world.actor = actorOf("dave", undefined);
    await keepHome(keeper, item());
    const page = pageOf(published[0]?.blocks);
    expect(page).toContain("<@U0ADMIN>");
    expect(page).toContain("`U0BOB`");
    expect(page).not.toContain("vault-0");
    expect(world.reads).toBe(0);
  });

  it("is told when Slack could not say which groups they are in", async () => {
    const { world, keeper, item, published } = homeWorld();
    const untold = ["the members of S012AB3CD could not be read from Slack since 3m"];
    world.actor = actorOf("dave", undefined, { standing: { source: undefined, untold } });
    await keepHome(keeper, item());
    expect(pageOf(published[0]?.blocks)).toContain(untold[0]);
  });
});
