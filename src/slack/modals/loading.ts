import type { types } from "@slack/bolt";
import type { Block } from "../render/content.ts";
import { section } from "../render/content.ts";

/**
 * Makes the modal that lies open while what belongs into it is looked up: Slack's trigger lives three seconds, a lookup may take longer. It
 * shows nothing, because nobody knows yet who asked.
 */
export function loadingModal(title: string): types.ModalView {
  return noticeModal(title, [section(":hourglass_flowing_sand: One moment…")]);
}

/** Makes a modal that only says something: why there is no form after all. */
export function noticeModal(title: string, blocks: readonly Block[]): types.ModalView {
  return {
    type: "modal",
    title: { type: "plain_text", text: title },
    close: { type: "plain_text", text: "Close" },
    blocks: [...blocks],
  };
}
