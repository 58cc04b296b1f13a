import { webApi } from "@slack/bolt";
import { describe, expect, it } from "@jest/globals";
import { deleteMessage } from "../../../src/slack/hygiene/delete-message.ts";
import { rememberPasted } from "../../../src/slack/hygiene/pasted.ts";
import { clickOf, fakeBot } from "./fake-bot.ts";

const PASTED = { channel: "C0INCIDENTS", ts: "1700000001.000200", author: "U0ALICE" };

async function world(deleting: () => Promise<void> = async () => {}) {
  const deleted: string[] = [];
  const fake = fakeBot({
    deleteAsUser: async (channel, ts) => {
      await deleting();
      deleted.push(`${channel}/${ts}`);
    },
  });
  return { ...fake, deleted, value: await rememberPasted(fake.messages, PASTED) };
}

function refusal(error: string): Error {
  return new webApi.WebAPIPlatformError({ ok: false, error });
}

describe("the button that deletes a message with a secret", () => {
  it("deletes it for its author, whatever role they have", async () => {
    const { bot, value, deleted } = await world();
    expect(await deleteMessage(bot, clickOf("U0ALICE", value))).toContain("is deleted");
    expect(deleted).toEqual([`${PASTED.channel}/${PASTED.ts}`]);
  });

  it("deletes it for an admin", async () => {
    const { bot, value, deleted } = await world();
    await deleteMessage(bot, clickOf("U0BOB", value, "admin"));
    expect(deleted).toHaveLength(1);
  });

  it.each([undefined, "viewer", "responder", "approver"] as const)(
    "refuses somebody else with the role %s, and counts it",
    async (role) => {
      const { bot, value, deleted, refused } = await world();
      expect(await deleteMessage(bot, clickOf("U0CAROL", value, role))).toContain("Only the author");
      expect({ deleted, refused }).toEqual({ deleted: [], refused: ["role"] });
    },
  );

  it.each(["", "C0INCIDENTS:1700000001.000200", "0".repeat(16)])("refuses the edited value %p", async (value) => {
    const { bot, deleted, refused } = await world();
    expect(await deleteMessage(bot, clickOf("U0ALICE", value, "admin"))).toContain("means nothing any more");
    expect({ deleted, refused }).toEqual({ deleted: [], refused: ["unknown_action"] });
  });

  it("says that the message is gone already when it is", async () => {
    const { bot, value } = await world(async () => await Promise.reject(refusal("message_not_found")));
    expect(await deleteMessage(bot, clickOf("U0ALICE", value))).toContain("gone already");
  });

  it("says how to do it by hand when Slack refuses", async () => {
    const { bot, value } = await world(async () => await Promise.reject(refusal("cant_delete_message")));
    const said = await deleteMessage(bot, clickOf("U0ALICE", value));
    expect(said).toContain("`cant_delete_message`");
    expect(said).toContain("More actions");
  });

  it("says so when the token was taken out of the configuration meanwhile", async () => {
    const { bot, value, messages } = await world();
    const without = { ...fakeBot().bot, messages };
    expect(bot.outgoing.deleteAsUser).toBeDefined();
    expect(await deleteMessage(without, clickOf("U0ALICE", value))).toContain("no token to delete");
  });
});
