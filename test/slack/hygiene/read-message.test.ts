import { describe, expect, it } from "@jest/globals";
import { readMessage } from "../../../src/slack/hygiene/read-message.ts";
import { KEYS } from "../../../src/slack/ids.ts";
import { alertId } from "../../../src/slack/sha256.ts";
import { started } from "../timeline.ts";
import { fakeBot } from "./fake-bot.ts";

const SHARE = "Zk3vQ1c9xT7bLr0aYpW5uEoN8dHsJ2mG4iKfXtVqBzRw";
const THREAD = "1700000000.000100";

const reply = {
  type: "message",
  channel: "C0INCIDENTS",
  user: "U0ALICE",
  text: `my share is ${SHARE}`,
  ts: "1700000001.000200",
  thread_ts: THREAD,
};

const edited = {
  type: "message",
  subtype: "message_changed",
  channel: "C0INCIDENTS",
  ts: "1700000002.000300",
  message: { user: "U0ALICE", text: reply.text, ts: reply.ts, thread_ts: THREAD, edited: { user: "U0ALICE" } },
  previous_message: { user: "U0ALICE", text: "my share is ready", ts: reply.ts },
};

const unread = [
  { name: "a message of a bot", event: { ...reply, bot_id: "B0OTHER" } },
  { name: "a message without an author", event: { ...reply, user: undefined } },
  { name: "somebody who joins", event: { ...reply, subtype: "channel_join" } },
  { name: "a deletion", event: { ...edited, subtype: "message_deleted" } },
  { name: "an edit that leaves the secret as it was", event: { ...edited, previous_message: { text: reply.text } } },
  { name: "an edited message of a bot", event: { ...edited, message: { ...edited.message, bot_id: "B0SEALWATCH" } } },
  { name: "a channel that is not ours", event: { ...reply, channel: "C0RANDOM" } },
  { name: "something of another form", event: { type: "message", text: 7 } },
  { name: "ordinary words", event: { ...reply, text: "node vault-2 is sealed again, commit 8680f05" } },
];

describe("reading people's messages", () => {
  it("tells the author alone, in the thread, what it is, how to rotate it and how to delete it, and repeats nothing", async () => {
    const { bot, shown, refused, logs } = fakeBot();
    await readMessage(bot, reply);
    expect(shown).toMatchObject([{ how: "whisper", to: "U0ALICE", where: `C0INCIDENTS/${THREAD}` }]);
    const said = JSON.stringify(shown[0]?.content);
    expect(said).toContain("key share");
    expect(said).toContain("vault operator rekey");
    expect(said).toContain("Delete message");
    expect(refused).toEqual(["secret"]);
    expect(logs.join("\n")).toContain('"kind":"key share"');
    expect(`${said}${logs.join("")}`).not.toContain(SHARE.slice(0, 12));
  });

  it("sends a direct message when the thread cannot be written to", async () => {
    const { bot, shown, logs } = fakeBot({
      whisper: async () => await Promise.reject(new Error("user_not_in_channel")),
    });
    await readMessage(bot, reply);
    expect(shown).toMatchObject([{ how: "direct", to: "U0ALICE" }]);
    expect(logs.join("\n")).toContain("cannot tell a person");
  });

  it("never rejects, whatever Slack does", async () => {
    const broken = async () => await Promise.reject(new Error("away"));
    const { bot, refused } = fakeBot({ whisper: broken, direct: broken });
    await expect(readMessage(bot, reply)).resolves.toBeUndefined();
    expect(refused).toEqual(["secret"]);
  });

  it("looks at edits too", async () => {
    const { bot, shown } = fakeBot();
    await readMessage(bot, edited);
    expect(shown).toMatchObject([{ to: "U0ALICE", where: `C0INCIDENTS/${THREAD}` }]);
  });

  it("looks at a cluster's own channel, and at messages outside threads", async () => {
    const { bot, shown } = fakeBot();
    await readMessage(bot, { ...reply, channel: "C0STAGING", thread_ts: undefined });
    expect(shown).toMatchObject([{ where: "C0STAGING/" }]);
  });

  it.each(unread)("says nothing about $name", async ({ event }) => {
    const { bot, shown, refused, logs } = fakeBot();
    await readMessage(bot, event);
    expect({ shown, refused, logs }).toEqual({ shown: [], refused: [], logs: [] });
  });

  it("offers a button when it can delete, whose value says nothing", async () => {
    const { bot, shown, messages } = fakeBot({ deleteAsUser: async () => {} });
    await readMessage(bot, reply);
    const value = /"value":"(?<value>[^"]+)"/u.exec(JSON.stringify(shown[0]?.content))?.groups?.["value"] ?? "";
    expect(value).toMatch(/^[0-9a-f]{16}$/u);
    expect([...messages.all.values()]).toEqual([
      { key: `pasted:${value}/message`, channel: "C0INCIDENTS", ts: reply.ts, digest: "by:U0ALICE" },
    ]);
  });

  it("tells the author in words when the store is away", async () => {
    const { bot, shown, messages } = fakeBot({ deleteAsUser: async () => {} });
    messages.failPuts = 1;
    await readMessage(bot, reply);
    expect(JSON.stringify(shown[0]?.content)).toContain("Delete message");
    expect(JSON.stringify(shown[0]?.content)).not.toContain('"button"');
  });
});

describe("the timeline of the run whose thread it is", () => {
  const NOTE = "a person pasted something that looks like a key share into this thread; they were told to rotate it";

  it("gets a note without a word of the message", async () => {
    const { bot, runs, messages } = fakeBot();
    runs.append("R1", started("R1"));
    runs.append("R2", started("R2"));
    runs.answer = ({ runId }) => ({ ok: true, runId });
    await messages.put({ key: KEYS.runCard("R1"), channel: "C0INCIDENTS", ts: THREAD, digest: "live:1" });
    await messages.put({ key: KEYS.runCard("R2"), channel: "C0INCIDENTS", ts: "1700000000.999999", digest: "live:1" });
    await readMessage(bot, reply);
    expect(runs.asked).toMatchObject([{ type: "note", runId: "R1", text: NOTE, by: { name: "sealwatch" } }]);
  });

  it("is found under its alert's card too", async () => {
    const { bot, runs, messages } = fakeBot();
    runs.append("R1", started("R1", { surface: "alert", alertGroup: "group" }));
    runs.answer = ({ runId }) => ({ ok: true, runId });
    const key = KEYS.alertCard(await alertId("group"));
    await messages.put({ key, channel: "C0INCIDENTS", ts: THREAD, digest: "live:1" });
    await readMessage(bot, reply);
    expect(runs.asked).toMatchObject([{ runId: "R1", text: NOTE }]);
  });

  it("says that the author could not be told, when nothing reached them", async () => {
    const broken = async () => await Promise.reject(new Error("away"));
    const { bot, runs, messages } = fakeBot({ whisper: broken, direct: broken });
    runs.append("R1", started("R1"));
    runs.answer = ({ runId }) => ({ ok: true, runId });
    await messages.put({ key: KEYS.runCard("R1"), channel: "C0INCIDENTS", ts: THREAD, digest: "live:1" });
    await readMessage(bot, reply);
    expect(runs.asked).toMatchObject([{ text: expect.stringContaining("they could not be told") }]);
  });

  it("gets nothing from a message outside its thread", async () => {
    const { bot, runs, messages } = fakeBot();
    runs.append("R1", started("R1"));
    await messages.put({ key: KEYS.runCard("R1"), channel: "C0INCIDENTS", ts: THREAD, digest: "live:1" });
    await readMessage(bot, { ...reply, thread_ts: undefined });
    await readMessage(bot, { ...reply, channel: "C0STAGING" });
    expect(runs.asked).toEqual([]);
  });
});
