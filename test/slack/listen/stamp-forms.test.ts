import type { types } from "@slack/bolt";
import { describe, expect, it } from "@jest/globals";
import { isFor, stampForms } from "../../../src/slack/listen/stamp-forms.ts";
import type { Bot } from "../../../src/slack/bot.ts";

const VIEW: types.ModalView = { type: "modal", title: { type: "plain_text", text: "x" }, blocks: [] };

/** What a bot of one person opens and changes. */
async function shown(view: types.ModalView): Promise<readonly string[]> {
  const metadata: string[] = [];
  const keep = ({ private_metadata: text = "" }: types.ModalView): void => void metadata.push(text);
  const outgoing = {
    openView: async (_trigger: string, opened: types.ModalView) => (
      keep(opened),
      await Promise.resolve({ id: "V", hash: "" })
    ),
    updateView: async (_opened: object, changed: types.ModalView) => keep(changed),
  };
  const bot = stampForms({ outgoing } as unknown as Bot, "U1");
  const opened = await bot.outgoing.openView("1.2.3", view);
  await bot.outgoing.updateView(opened, view);
  return metadata;
}

describe("forms that are opened for a person", () => {
  it.each([
    { name: "with a memory", view: { ...VIEW, private_metadata: JSON.stringify({ runId: "R1" }) } },
    { name: "without one", view: VIEW },
  ])("remember for whom, opened and changed: $name", async ({ view }) => {
    const metadata = await shown(view);
    expect(metadata).toHaveLength(2);
    for (const text of metadata) {
      expect([isFor("U1", text), isFor("U2", text)]).toEqual([true, false]);
      expect(JSON.parse(text)).toMatchObject(view.private_metadata === undefined ? {} : { runId: "R1" });
    }
  });

  it.each(["", "{}", "null", "no JSON", '{"for":7}'])("are nobody's when they do not say so: %p", (text) => {
    expect(isFor("U1", text)).toBe(false);
    expect(isFor("", text)).toBe(false);
  });
});
