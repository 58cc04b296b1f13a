import { describe, expect, it } from "@jest/globals";
import type { Click } from "../../../src/slack/buttons/button.ts";
import { BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { changeCluster } from "../../../src/slack/modals/change-cluster.ts";
import { startRunModal } from "../../../src/slack/modals/start-run.ts";
import { pickRunbook } from "../../../src/slack/suggest/pick-runbook.ts";
import { identify } from "../memory.ts";
import { runbook } from "../timeline.ts";
import { catalogOf, fakeBot } from "../slash/fake-bot.ts";

const place = { channel: "C1", threadTs: undefined };

const click = (change: Partial<Click>): Click => ({
  identify: async () => await identify("U0ALICE"),
  slackId: "U0ALICE",
  value: "",
  triggerId: "T1",
  place,
  ...change,
});

describe("a runbook that somebody picks", () => {
  it("opens as a form at once, before anybody asks who picked it, and starts nothing", async () => {
    const bot = fakeBot();
    expect(await pickRunbook(bot, click({ value: runbook.id }))).toBeUndefined();
    expect(bot.order).toEqual(["open", "identify", "update"]);
    expect(bot.views[1]).toMatchObject({ callback_id: VIEWS.startRun });
    expect(bot.runs.started).toEqual([]);
  });

  it.each(["gone", "", "<!channel>", "__proto__", "x".repeat(2000)])(
    "is refused in words when nobody knows it: %s",
    async (value) => {
      const bot = fakeBot();
      const said = await pickRunbook(bot, click({ value }));
      expect(said).toContain("is gone. `/vault runbook` lists");
      expect(said).not.toContain("<!");
      expect(said?.length).toBeLessThan(200);
      expect(bot.order).toEqual([]);
    },
  );

  it("shows a stranger no word of it, and counts that", async () => {
    const bot = fakeBot();
    expect(await pickRunbook(bot, click({ value: runbook.id, slackId: "U0DAVE" }))).toBeUndefined();
    expect(JSON.stringify(bot.views)).toContain("You need the role viewer");
    expect(JSON.stringify(bot.views)).not.toContain(runbook.title);
    expect(bot.refusals).toEqual(["role"]);
  });
});

describe("another cluster in the form", () => {
  const form = (metadata: string) => ({
    id: "V1",
    hash: "h1",
    callback_id: VIEWS.startRun,
    private_metadata: metadata,
    state: { values: { [BLOCKS.runInput("cluster")]: { a: { selected_option: { value: "staging" } } } } },
  });
  const drawn = startRunModal({
    runbook,
    inputs: {},
    clusters: [],
    place,
    alertGroup: "alert:abc",
    digest: "ab".repeat(32),
    how: { dryRun: true, drill: false },
  });

  it("draws its nodes, and keeps what the form is about", async () => {
    const bot = fakeBot();
    const metadata = String(drawn.private_metadata);
    expect(await changeCluster(bot, click({ form: form(metadata) }))).toBeUndefined();
    const [view] = bot.views;
    expect(JSON.stringify(view?.blocks)).toContain("vault-s0");
    expect(JSON.stringify(view?.blocks)).not.toContain("vault-1");
    expect(JSON.parse(view?.private_metadata ?? "")).toEqual(JSON.parse(metadata));
  });

  it.each([
    { name: "there is no form", change: {} },
    { name: "its memory is nothing of ours", change: { form: form("{") } },
  ])("does nothing when $name", async ({ change }) => {
    const bot = fakeBot();
    expect(await changeCluster(bot, click(change))).toBeUndefined();
    expect(bot.views).toEqual([]);
  });

  it("does nothing when the runbook is gone", async () => {
    const bot = fakeBot({ catalog: catalogOf() });
    await changeCluster(bot, click({ form: form(String(drawn.private_metadata)) }));
    expect(bot.views).toEqual([]);
  });
});
