import { describe, expect, it } from "@jest/globals";
import type { SlackStandIn } from "../../../../src/sandbox/slack/stand-in.ts";
import {
  BUTTON_ROW,
  call,
  connect,
  lastPayload,
  MODAL,
  openStandIn,
  type Answer,
  type Connection,
} from "../open-stand-in.ts";

const plain = (text: string): Answer => ({ type: "plain_text", text });
const option = (value: string): Answer => ({ text: plain(value), value });

/** Opens a modal by a command. */
async function openModal(slack: SlackStandIn, connection: Connection, view: Answer = MODAL): Promise<Answer> {
  await slack.as("U1").slash("/vault", "");
  return await call(slack, "views.open", { trigger_id: lastPayload(connection)["trigger_id"], view });
}

describe("what people write", () => {
  it("is told to the app, also in threads and direct messages, edited and deleted", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    const { ts: root } = await call(slack, "chat.postMessage", { channel: "C1", text: "root" });
    const alice = slack.as("U1");
    const ts = await alice.say("a reply", { threadTs: String(root) });
    expect(lastPayload(connection)).toMatchObject({
      event: {
        type: "message",
        user: "U1",
        text: "a reply",
        ts,
        thread_ts: root,
        channel: "C1",
        channel_type: "channel",
      },
    });
    await alice.edit(ts, "better");
    expect(lastPayload(connection)).toMatchObject({
      event: {
        subtype: "message_changed",
        channel: "C1",
        message: { ts, text: "better", user: "U1" },
        previous_message: { text: "a reply" },
      },
    });
    await alice.deleteMessage(ts);
    expect(lastPayload(connection)).toMatchObject({
      event: { subtype: "message_deleted", deleted_ts: ts, previous_message: { text: "better" } },
    });
    expect(slack.deleted()).toMatchObject([{ ts, deletedBy: "U1" }]);
    await alice.say("psst", { channel: "U0SEALWATCH" });
    expect(lastPayload(connection)).toMatchObject({ event: { text: "psst", channel: "D1", channel_type: "im" } });
    connection.socket.terminate();
  });

  it("is not told where the app is not", async () => {
    await using slack = await openStandIn({ channels: [{ id: "C2", name: "other", member: false }] });
    const connection = await connect(slack);
    await slack.as("U1").say("among us", { channel: "C2" });
    expect(connection.got).toHaveLength(1);
    connection.socket.terminate();
  });

  it("can be changed by who wrote it only, and only where they are", async () => {
    await using slack = await openStandIn({ channels: [{ id: "C5", name: "few", members: ["U2"] }] });
    const ts = await slack.as("U1").say("mine");
    await expect(slack.as("U2").edit(ts, "yours")).rejects.toThrow("wrote no such message");
    await expect(slack.as("U1").say("x", { channel: "C5" })).rejects.toThrow("is not in such a channel");
    await expect(slack.as("U1").say("x", { threadTs: "9.9" })).rejects.toThrow("no thread");
  });
});

describe("the Home", () => {
  const home = (text: string): Answer => ({
    type: "home",
    blocks: [...BUTTON_ROW, { type: "section", text: { type: "mrkdwn", text } }],
  });

  it("is opened, published with a hash and clicked", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    await slack.as("U1").openHome();
    expect(lastPayload(connection)).toMatchObject({ event: { type: "app_home_opened", user: "U1", tab: "home" } });
    expect(slack.homes("U1")).toBeUndefined();
    const first = await call(slack, "views.publish", { user_id: "U1", view: home("one") });
    const { hash, id } = first["view"] as Answer;
    expect(await call(slack, "views.publish", { user_id: "U1", view: home("two"), hash })).toMatchObject({ ok: true });
    expect(await call(slack, "views.publish", { user_id: "U1", view: home("three"), hash })).toMatchObject({
      error: "hash_conflict",
    });
    expect(slack.homes("U1")).toEqual(home("two"));
    await slack.as("U1").openHome();
    expect(lastPayload(connection)).toMatchObject({ event: { view: { id, type: "home" } } });
    await slack.as("U1").clickHome("go");
    expect(lastPayload(connection)).toMatchObject({
      type: "block_actions",
      container: { type: "view", view_id: id },
      view: { id, blocks: [{ block_id: "row" }, { block_id: "auto1" }] },
      actions: [{ action_id: "go" }],
    });
    expect(lastPayload(connection)).not.toHaveProperty("response_url");
    await expect(slack.as("U2").clickHome("go")).rejects.toThrow("no message fits");
    connection.socket.terminate();
  });
});

describe("modals", () => {
  it("lie on each other, three at most, pushed from the one before", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    const withButton = { ...MODAL, blocks: [...MODAL.blocks, ...BUTTON_ROW] };
    const { view } = await openModal(slack, connection, withButton);
    const push = async (): Promise<Answer> => {
      await slack.as("U1").click("ask", "go");
      return await call(slack, "views.push", { trigger_id: lastPayload(connection)["trigger_id"], view: withButton });
    };
    expect(await push()).toMatchObject({
      ok: true,
      view: { previous_view_id: (view as Answer)["id"], root_view_id: (view as Answer)["id"] },
    });
    expect(await push()).toMatchObject({ ok: true });
    expect(await push()).toMatchObject({ error: "push_limit_reached" });
    expect(slack.views("U1")).toHaveLength(3);
    await slack.as("U1").slash("/vault", "");
    const elsewhere = { trigger_id: lastPayload(connection)["trigger_id"], view: MODAL };
    expect(await call(slack, "views.push", elsewhere)).toMatchObject({ error: "not_found" });
    connection.socket.terminate();
  });

  it("say that they were closed only when they ask for it", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    await openModal(slack, connection);
    const before = connection.got.length;
    expect(await slack.as("U1").close("ask")).toBeUndefined();
    expect(connection.got).toHaveLength(before);
    await openModal(slack, connection, { ...MODAL, notify_on_close: true, private_metadata: "m" });
    expect(await slack.as("U1").close("ask")).toMatchObject({ outcome: "acked" });
    expect(lastPayload(connection)).toMatchObject({
      type: "view_closed",
      is_cleared: false,
      view: { callback_id: "ask", private_metadata: "m" },
    });
    expect(slack.views("U1")).toEqual([]);
    connection.socket.terminate();
  });

  it("are not changed by whoever holds an old hash", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    const { view } = await openModal(slack, connection);
    const { id, hash } = view as Answer;
    expect(await call(slack, "views.update", { view_id: id, hash, view: MODAL })).toMatchObject({ ok: true });
    expect(await call(slack, "views.update", { view_id: id, hash, view: MODAL })).toMatchObject({
      error: "hash_conflict",
    });
    connection.socket.terminate();
  });

  it("send every kind of input as slack does", async () => {
    await using slack = await openStandIn();
    const input = (block_id: string, element: Answer): Answer => ({
      type: "input",
      block_id,
      label: plain("l"),
      element: { action_id: "a", ...element },
    });
    const two = [option("x"), option("y")];
    const view = {
      ...MODAL,
      blocks: [
        input("text", { type: "plain_text_input", initial_value: "before" }),
        input("one", { type: "static_select", options: two }),
        input("many", { type: "multi_static_select", options: two }),
        input("radio", { type: "radio_buttons", options: two, initial_option: option("y") }),
        input("boxes", { type: "checkboxes", options: two }),
        input("who", { type: "users_select" }),
        input("found", { type: "external_select", min_query_length: 0 }),
      ],
    };
    const connection = await connect(slack, (envelope) =>
      (envelope["payload"] as Answer)["type"] === "block_suggestion" ? { options: [option("f-1")] } : {},
    );
    await openModal(slack, connection, view);
    await slack.as("U1").submit("ask", { one: "y", many: ["x", "y"], boxes: ["x"], who: "U2", found: "f-1" });
    expect(lastPayload(connection)).toMatchObject({
      view: {
        state: {
          values: {
            text: { a: { type: "plain_text_input", value: "before" } },
            one: { a: { type: "static_select", selected_option: { value: "y" } } },
            many: { a: { selected_options: [{ value: "x" }, { value: "y" }] } },
            radio: { a: { selected_option: { value: "y" } } },
            boxes: { a: { selected_options: [{ value: "x" }] } },
            who: { a: { selected_user: "U2" } },
            found: { a: { selected_option: { value: "f-1" } } },
          },
        },
      },
    });
    connection.socket.terminate();
  });
});

describe("selects in messages", () => {
  const blocks = [
    {
      type: "actions",
      block_id: "row",
      elements: [
        { type: "static_select", action_id: "pick", options: [option("x"), option("y")] },
        { type: "overflow", action_id: "more", options: [option("z")] },
        { type: "external_select", action_id: "search" },
      ],
    },
  ];

  it("send what was chosen, and keep it in the state of later actions", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks });
    await slack.as("U1").select(String(ts), "pick", "y");
    expect(lastPayload(connection)).toMatchObject({
      actions: [{ type: "static_select", action_id: "pick", block_id: "row", selected_option: { value: "y" } }],
    });
    await slack.as("U1").select(String(ts), "more", "z");
    expect(lastPayload(connection)).toMatchObject({
      actions: [{ type: "overflow", selected_option: { value: "z" } }],
      state: { values: { row: { pick: { selected_option: { value: "y" } } } } },
    });
    await expect(slack.as("U1").select(String(ts), "pick", "q")).rejects.toThrow('cannot choose "q"');
    await expect(slack.as("U1").select(String(ts), "none", "q")).rejects.toThrow("no such select");
    connection.socket.terminate();
  });

  it.each([
    { name: "nothing", answer: {}, says: undefined },
    {
      name: "101 options",
      answer: { options: Array.from({ length: 101 }, (_, index) => option(`v${index}`)) },
      says: "1 to 100",
    },
    { name: "a text that is too long", answer: { options: [option("x".repeat(76))] }, says: "less than 76" },
    {
      name: "options and groups",
      answer: { options: [option("x")], option_groups: [{ label: plain("g"), options: [option("y")] }] },
      says: "either options",
    },
  ])("show what the app suggests, and complain of $name", async ({ answer, says }) => {
    await using slack = await openStandIn();
    const connection = await connect(slack, () => answer);
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks });
    await expect(slack.as("U1").suggest(String(ts), "search", "pr")).rejects.toThrow("after 3 characters");
    const asked = slack.as("U1").suggest(String(ts), "search", "prod");
    if (says === undefined) expect(await asked).toEqual([]);
    else await expect(asked).rejects.toThrow(says);
    connection.socket.terminate();
  });

  it("show nothing when the app does not answer", async () => {
    await using slack = await openStandIn();
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks });
    await expect(slack.as("U1").suggest(String(ts), "search", "prod")).rejects.toThrow("did not answer");
  });
});

describe("ephemeral messages", () => {
  it("can be clicked by whom they were shown to, without being sent back, and replaced or deleted after", async () => {
    await using slack = await openStandIn();
    const connection = await connect(slack);
    const { message_ts: ts } = await call(slack, "chat.postEphemeral", {
      channel: "C1",
      user: "U1",
      text: "e",
      blocks: BUTTON_ROW,
    });
    await expect(slack.as("U2").click(String(ts), "go")).rejects.toThrow("no message fits");
    await slack.as("U1").click(String(ts), "go");
    const payload = lastPayload(connection);
    expect(payload).toMatchObject({ container: { is_ephemeral: true, message_ts: ts }, channel: { id: "C1" } });
    expect(payload).not.toHaveProperty("message");
    const respond = async (body: object): Promise<number> =>
      (await fetch(String(payload["response_url"]), { method: "POST", body: JSON.stringify(body) })).status;
    expect(await respond({ replace_original: true, text: "done" })).toBe(200);
    expect(slack.ephemerals("U1")).toMatchObject([{ ts, text: "done" }]);
    expect(await respond({ delete_original: true })).toBe(200);
    expect(slack.ephemerals("U1")).toEqual([]);
    connection.socket.terminate();
  });
});

describe("people of other workspaces", () => {
  it("are known by their own team", async () => {
    await using slack = await openStandIn({
      users: [{ id: "U9", name: "visitor", teamId: "T0OTHER" }],
      teamId: "T0HOME",
      enterpriseId: "E1",
    });
    const connection = await connect(slack);
    const { ts } = await call(slack, "chat.postMessage", { channel: "C1", text: "x", blocks: BUTTON_ROW });
    await slack.as("U9").click(String(ts), "go");
    expect(lastPayload(connection)).toMatchObject({
      user: { team_id: "T0OTHER" },
      team: { id: "T0HOME", enterprise_id: "E1" },
      enterprise: { id: "E1" },
    });
    await slack.as("U9").slash("/vault", "");
    expect(lastPayload(connection)).toMatchObject({ team_id: "T0OTHER" });
    connection.socket.terminate();
  });
});
