import { describe, expect, it } from "@jest/globals";
import { checkOptionsAnswer } from "../../../src/sandbox/slack/check-payload.ts";
import type { Bot } from "../../../src/slack/bot.ts";
import { ACTIONS, BLOCKS, VIEWS } from "../../../src/slack/ids.ts";
import { startRunModal } from "../../../src/slack/modals/start-run.ts";
import { answerSuggestion } from "../../../src/slack/suggest/answer-suggestion.ts";
import { runbook } from "../timeline.ts";
import { clusterOf } from "../world.ts";
import { catalogOf, fakeBot, runbookOf } from "../slash/fake-bot.ts";

const NODES = Array.from({ length: 150 }, (_, index) => `vault-${index}`);
const CLUSTERS = [clusterOf("prod", NODES), clusterOf("staging", ["vault-s0"])];

type Asked = Readonly<Record<string, unknown>>;

/** What Slack sends when somebody types in the runbook picker. */
const picking = (value: string, user = "U0ALICE"): Asked => ({
  type: "block_suggestion",
  user: { id: user },
  action_id: ACTIONS.pickRunbook,
  block_id: "b",
  value,
});

/** What Slack sends when somebody types in a field of the form; `chosen` is the cluster that is chosen in it. */
function filling(bot: Bot, blockId: string, value: string, chosen?: string): Asked {
  const place = { channel: "C1", threadTs: undefined };
  const form = startRunModal({ runbook, inputs: {}, clusters: bot.clusters, place, alertGroup: undefined });
  const values =
    chosen === undefined
      ? {}
      : { [BLOCKS.runInput("cluster")]: { [ACTIONS.formCluster]: { selected_option: { value: chosen } } } };
  return {
    ...picking(value),
    action_id: ACTIONS.input,
    block_id: blockId,
    view: {
      id: "V1",
      hash: "h1",
      callback_id: VIEWS.startRun,
      private_metadata: form.private_metadata,
      state: { values },
    },
  };
}

async function values(bot: Bot, body: unknown): Promise<readonly string[]> {
  const { options } = await answerSuggestion(bot, body);
  expect(options.length === 0 ? [] : checkOptionsAnswer({ options })).toEqual([]);
  return options.map(({ value }) => value ?? "");
}

describe("a list that is searched", () => {
  const books = catalogOf(
    runbookOf("lost-peer", { title: "A node is gone for good", alerts: ["VaultNodeDown"] }),
    runbookOf("sealed-node", { title: "A node is sealed", alerts: ["VaultNodeSealed"], meaning: "It has no key." }),
    runbookOf("node", { title: "Anything else" }),
    runbookOf("stale-backup", { title: "Backups are too old" }),
  );

  it.each([
    { name: "all, without a word", typed: "", found: ["lost-peer", "node", "sealed-node", "stale-backup"] },
    { name: "by id before title, the exact one first", typed: "node", found: ["node", "sealed-node", "lost-peer"] },
    { name: "by alert, however it is written", typed: "vaultnodeSEALED", found: ["sealed-node"] },
    { name: "by what it means", typed: "no key", found: ["sealed-node"] },
    { name: "by several words in any order", typed: "  gone   node ", found: ["lost-peer"] },
    { name: "nothing where nothing fits", typed: "<!channel>", found: [] },
  ])("finds runbooks: $name", async ({ typed, found }) => {
    expect(await values(fakeBot({ catalog: books }), picking(typed))).toEqual(found);
  });

  it("gives a hundred of two hundred runbooks, with titles that slack takes", async () => {
    const many = Array.from({ length: 200 }, (_, index) =>
      runbookOf(`runbook-${index}`, { title: `${"T".repeat(100)} <!here>` }),
    );
    expect(await values(fakeBot({ catalog: catalogOf(...many) }), picking(""))).toHaveLength(100);
  });

  it.each([
    { name: "a cluster, by its name", block: BLOCKS.runInput("cluster"), typed: "stag", found: ["staging"] },
    {
      name: "a node, those that begin with the word first",
      block: BLOCKS.runInput("node"),
      typed: "vault-14",
      found: ["vault-14", ...NODES.slice(140)],
    },
    {
      name: "a node of the chosen cluster alone",
      block: BLOCKS.runInput("node", "staging"),
      chosen: "staging",
      typed: "",
      found: ["vault-s0"],
    },
    { name: "nothing for an input that is typed", block: BLOCKS.runInput("ticket"), typed: "", found: [] },
    { name: "nothing for another block", block: "sealwatch.reason", typed: "", found: [] },
  ])("finds in the form: $name", async ({ block, typed, chosen, found }) => {
    const bot = fakeBot({ clusters: CLUSTERS });
    expect(await values(bot, filling(bot, block, typed, chosen))).toEqual(found);
  });

  it("gives at most a hundred nodes", async () => {
    const bot = fakeBot({ clusters: CLUSTERS });
    expect(await values(bot, filling(bot, BLOCKS.runInput("node"), ""))).toHaveLength(100);
  });

  it("gives nothing to a stranger, counts that, and nothing when nobody can tell who asks", async () => {
    const bot = fakeBot({ catalog: books, clusters: CLUSTERS });
    expect(await values(bot, picking("", "U0DAVE"))).toEqual([]);
    expect(bot.refusals).toEqual(["role"]);
    const failing = fakeBot({
      catalog: books,
      identify: () => {
        throw new Error("the list of people is broken");
      },
    });
    expect(await values(failing, picking(""))).toEqual([]);
  });

  it.each([
    { name: "nothing", body: undefined },
    { name: "something else", body: { user: 7 } },
    { name: "a list of another version", body: { ...picking(""), action_id: "sealwatch.gone" } },
    {
      name: "a form whose memory is nothing of ours",
      body: {
        ...picking(""),
        action_id: ACTIONS.input,
        block_id: BLOCKS.runInput("node"),
        view: { id: "V", hash: "h", callback_id: VIEWS.startRun, private_metadata: "{" },
      },
    },
  ])("gives nothing for $name", async ({ body }) => {
    expect(await values(fakeBot({ catalog: books }), body)).toEqual([]);
  });
});
