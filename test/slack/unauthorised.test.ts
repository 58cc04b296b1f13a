import { describe, expect, it } from "@jest/globals";
import type { SlackRefusal } from "../../src/slack/observer.ts";
import { ACTIONS, BLOCKS, VIEWS, writeValue } from "../../src/slack/ids.ts";
import { RUN } from "./guarded-run.ts";
import { openGuarded, type Guarded, type Mode } from "./guarded-world.ts";
import { textOf } from "./world.ts";

/** Who pressed or submitted what; the words that they alone read. */
type Attempt = {
  readonly name: string;
  readonly who: string;
  readonly act: (guarded: Guarded) => Promise<unknown>;
  readonly reason: SlackRefusal;
  readonly words: string;
};

const approve =
  (who: string, value?: string) =>
  async ({ world, isGate }: Guarded): Promise<unknown> =>
    await world.slack.as(who).click(isGate, ACTIONS.approve, value);

/** Presses a button of the gate's message after its value, or its id, was edited on the way. */
const edited =
  (change: { readonly value?: string; readonly action_id?: string }) =>
  async ({ world, isGate }: Guarded): Promise<unknown> => {
    const message = world.slack.messages().find(isGate);
    if (message === undefined) throw new Error("there is no gate");
    const button = {
      type: "button",
      text: { type: "plain_text", text: "x" },
      action_id: ACTIONS.approve,
      value: "",
      ...change,
    };
    const forged = { ...message, blocks: [{ type: "actions", block_id: "b", elements: [button] }] };
    return await world.slack.as("U0BOB").click(forged, button.action_id);
  };

const ATTEMPTS: readonly Attempt[] = [
  { name: "a viewer", who: "U0CAROL", act: approve("U0CAROL"), reason: "role", words: "approver" },
  { name: "somebody without a role", who: "U0DAVE", act: approve("U0DAVE"), reason: "role", words: "approver" },
  {
    name: "who started the run, an approver by role",
    who: "U0ALICE",
    act: approve("U0ALICE"),
    reason: "self_approval",
    words: "alice started this run; another person must approve",
  },
  {
    name: "an approver who was taken out of the group a minute ago",
    who: "U0BOB",
    act: async (guarded) => {
      await guarded.world.options.identify("U0BOB");
      guarded.setApprovers();
      guarded.pass(60_000);
      await approve("U0BOB")(guarded);
    },
    reason: "role",
    words: "approver",
  },
  {
    name: "an approver's account that is of another workspace",
    who: "U0BOB",
    act: async (guarded) => {
      guarded.world.slack.changeUser("U0BOB", { teamId: "T0ELSEWHERE" });
      await approve("U0BOB")(guarded);
    },
    reason: "other_workspace",
    words: "This comes from another workspace",
  },
  {
    name: "a button whose value names another run",
    who: "U0BOB",
    act: edited({ value: writeValue("run-99", "restart.1") }),
    reason: "unknown_action",
    words: "there is no such run",
  },
  {
    name: "a button whose value names another gate",
    who: "U0BOB",
    act: edited({ value: writeValue(RUN, "restart.99") }),
    reason: "stale",
    words: "there is no such gate",
  },
  {
    name: "a button without a value",
    who: "U0BOB",
    act: edited({ value: "" }),
    reason: "unknown_action",
    words: "there is no such run",
  },
  {
    name: "a button that nobody made",
    who: "U0BOB",
    act: edited({ action_id: "sealwatch.gate.approve-all" }),
    reason: "unknown_action",
    words: "another version of sealwatch",
  },
];

/** What one person alone was shown: messages, and forms that opened. */
function readBy({ world }: Guarded, who: string): string {
  const messages = world.slack.ephemerals(who).map((message) => textOf(message));
  const forms = world.slack.views(who).map(({ view, errors }) => JSON.stringify([view, errors]));
  return [...messages, ...forms].join("\n");
}

describe.each(["socket", "http"] as const satisfies readonly Mode[])("over %s, who may not is refused", (mode) => {
  it.each(ATTEMPTS)("$name", async ({ who, act, reason, words }) => {
    await using guarded = await openGuarded(mode);
    const before = await guarded.events();
    await act(guarded);
    await guarded.world.bot.idle();
    expect(readBy(guarded, who)).toContain(words);
    expect(guarded.observer.refusals).toEqual([reason]);
    expect(await guarded.events()).toEqual(before);
  });

  it("a click on a gate that was decided meanwhile", async () => {
    await using guarded = await openGuarded(mode);
    const { world, isGate, service, gateId } = guarded;
    const screen = world.slack.messages().find(isGate);
    const by = { id: "carol", name: "carol", role: "approver", groups: [] } as const;
    const rejected = await service.ask({ type: "reject", runId: RUN, gateId, by, reason: "not at noon" });
    expect(rejected.ok).toBe(true);
    const before = await guarded.events();
    await world.slack.as("U0BOB").click(screen ?? "", ACTIONS.approve);
    await world.bot.idle();
    expect(readBy(guarded, "U0BOB")).toContain("not at noon");
    expect(guarded.observer.refusals).toEqual(["stale"]);
    expect(await guarded.events()).toEqual(before);
  });

  it("nobody else: the approver's click counts, so that all of these tests can fail", async () => {
    await using guarded = await openGuarded(mode);
    await approve("U0BOB")(guarded);
    await guarded.world.bot.idle();
    expect(await guarded.events()).toContain("GateAgreed");
    expect(guarded.observer.refusals).toEqual([]);
  });
});

describe("a form", () => {
  /** Opens the form of a gate for bob, and gives what his client would post. */
  async function openForm(guarded: Guarded) {
    const { world, isGate } = guarded;
    await world.slack.as("U0BOB").click(isGate, ACTIONS.confirmGate);
    const { view, id } = await world.slack.waitForView("U0BOB", VIEWS.confirmGate);
    await world.bot.idle();
    const state = { values: { [BLOCKS.phrase]: { [ACTIONS.input]: { type: "plain_text_input", value: "prod" } } } };
    return (userId: string, change: object = {}) => ({
      type: "view_submission",
      team: { id: "T0STANDIN" },
      user: { id: userId, team_id: "T0STANDIN" },
      trigger_id: `made.up.${userId}`,
      view: { ...view, id, hash: "h", state, ...change },
    });
  }

  async function post({ world, url }: Guarded, payload: object): Promise<unknown> {
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", ...world.slack.sign(body) };
    const answer = await fetch(url, { method: "POST", headers, body });
    const text = await answer.text();
    await world.bot.idle();
    return text === "" ? {} : JSON.parse(text);
  }

  it.each([
    { name: "by another person than it was opened for, an approver too", who: "U0CAROL", change: {} },
    { name: "without a word for whom it was opened", who: "U0BOB", change: { private_metadata: "{}" } },
  ])("is not taken $name", async ({ who, change }) => {
    await using guarded = await openGuarded("http", "destructive");
    guarded.setApprovers("U0BOB", "U0CAROL");
    const formOf = await openForm(guarded);
    const before = await guarded.events();
    expect(await post(guarded, formOf(who, change))).toEqual({
      response_action: "errors",
      errors: { [BLOCKS.phrase]: expect.stringContaining("opened for somebody else") },
    });
    expect(guarded.observer.refusals).toEqual(["refused"]);
    expect(await guarded.events()).toEqual(before);
  });

  it("for a gate that was decided while it lay open stays with the reason, and a new one does not open", async () => {
    await using guarded = await openGuarded("http", "destructive");
    const screen = guarded.world.slack.messages().find(guarded.isGate);
    const formOf = await openForm(guarded);
    const by = { id: "carol", name: "carol", role: "approver", groups: [] } as const;
    const request = { type: "reject", runId: RUN, gateId: guarded.gateId, by, reason: "not at noon" } as const;
    expect((await guarded.service.ask(request)).ok).toBe(true);
    const before = await guarded.events();
    expect(JSON.stringify(await post(guarded, formOf("U0BOB")))).toContain("not at noon");
    await guarded.world.slack.as("U0BOB").click(screen ?? "", ACTIONS.confirmGate);
    await guarded.world.bot.idle();
    expect(readBy(guarded, "U0BOB")).toContain("not at noon");
    expect(guarded.observer.refusals).toEqual(["stale", "stale"]);
    expect(await guarded.events()).toEqual(before);
  });

  it("of no known kind is answered, and does nothing", async () => {
    await using guarded = await openGuarded("http", "destructive");
    const formOf = await openForm(guarded);
    const before = await guarded.events();
    expect(await post(guarded, formOf("U0BOB", { callback_id: "sealwatch.gate.force" }))).toEqual({});
    expect(readBy(guarded, "U0BOB")).toContain("another version of sealwatch");
    expect(guarded.observer.refusals).toEqual(["unknown_action"]);
    expect(await guarded.events()).toEqual(before);
  });

  it("counts when it comes from whom it was opened for, so that these tests can fail", async () => {
    await using guarded = await openGuarded("http", "destructive");
    const formOf = await openForm(guarded);
    expect(await post(guarded, formOf("U0BOB"))).toEqual({});
    expect(await guarded.events()).toContain("GateVoted");
    expect(guarded.observer.refusals).toEqual([]);
  });
});

describe("a request", () => {
  it("with a forged signature changes nothing", async () => {
    await using guarded = await openGuarded("http");
    const before = await guarded.events();
    await approve("U0CAROL")(guarded);
    await guarded.world.bot.idle();
    const sent = guarded.world.slack.lastRequest();
    const body = sent?.body.replaceAll("U0CAROL", "U0BOB") ?? "";
    const answer = await fetch(guarded.url, { method: "POST", headers: sent?.headers ?? {}, body });
    expect(answer.status).toBe(401);
    expect(guarded.observer.refusals).toEqual(["role", "bad_signature"]);
    expect(await guarded.events()).toEqual(before);
  });

  it("that is sent again changes nothing, at the same replica and at another", async () => {
    await using guarded = await openGuarded("http", "destructive");
    await using other = await guarded.replica();
    await guarded.world.slack.as("U0BOB").click(guarded.isGate, ACTIONS.confirmGate);
    await guarded.world.slack.waitForView("U0BOB", VIEWS.confirmGate);
    await guarded.world.slack.as("U0BOB").submit(VIEWS.confirmGate, { [BLOCKS.phrase]: "prod" });
    await guarded.world.bot.idle();
    const after = await guarded.events();
    expect(after.filter((type) => type === "GateVoted")).toHaveLength(1);
    const { status } = await guarded.world.slack.replayLast();
    expect(status).toBe(401);
    const sent = guarded.world.slack.lastRequest();
    // The other replica cannot know the signature; it knows what was taken.
    await fetch(other.url, { method: "POST", headers: sent?.headers ?? {}, body: sent?.body ?? "" });
    expect(guarded.observer.refusals).toEqual(["replayed"]);
    expect(other.observer.refusals).toEqual(["replayed"]);
    expect(await guarded.events()).toEqual(after);
  });
});
