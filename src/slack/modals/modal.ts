import type { types } from "@slack/bolt";
import { z } from "zod";
import type { Actor } from "../../access/person.ts";
import type { Bot } from "../bot.ts";
import { ACTIONS } from "../ids.ts";
import type { Place } from "../outgoing.ts";
import type { SubmitBody } from "../payloads.ts";
import type { Block } from "../render/content.ts";

/** What a modal remembers of where it was opened and what it is about; nothing in it is trusted. */
export const ModalMemory = z.object({
  runId: z.string().default(""),
  what: z.string().default(""),
  runbook: z.string().default(""),
  /** Digest of the runbook that the person was shown. */
  digest: z.string().default(""),
  /** Hash of the plan that the person was shown. */
  plan: z.string().default(""),
  /** How a run is to be started. */
  dryRun: z.boolean().default(false),
  drill: z.boolean().default(false),
  /** The short id of the alert group, with `alert:` in front. */
  alert: z.string().default(""),
  inputs: z.record(z.string(), z.string()).default({}),
  channel: z.string(),
  thread: z.string().optional(),
});
export type ModalMemory = z.infer<typeof ModalMemory>;

/** A submitted modal. */
export type Submission = {
  readonly actor: Actor;
  readonly slackId: string;
  readonly body: SubmitBody;
  readonly memory: ModalMemory;
};

/** What follows a submission: the modal closes, with a sentence for the person if there is one, or stays with errors by block id. */
export type Outcome = { readonly say?: string } | { readonly errors: Readonly<Record<string, string>> };

/** The outcome of a submission that needs no words: the change itself is the answer. */
export const CLOSED: Outcome = {};

/** ModalHandler does what a submission asks. It has about two seconds; what takes longer is answered later. */
export type ModalHandler = (bot: Bot, submission: Submission) => Promise<Outcome>;

/** Makes a modal. */
export function modal(
  callbackId: string,
  words: { readonly title: string; readonly submit: string },
  memory: ModalMemory,
  blocks: readonly Block[],
): types.ModalView {
  return {
    type: "modal",
    callback_id: callbackId,
    private_metadata: JSON.stringify(withoutEmpty(memory)),
    title: { type: "plain_text", text: words.title },
    submit: { type: "plain_text", text: words.submit },
    close: { type: "plain_text", text: "Cancel" },
    blocks: [...blocks],
  };
}

/** What is empty is read back as such: a modal carries only what it is about. */
function withoutEmpty(memory: ModalMemory): Partial<ModalMemory> {
  const isEmpty = (value: unknown): boolean =>
    value === "" || value === false || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(memory).filter(([, value]) => !isEmpty(value)));
}

/** Makes a field to type in. */
export function field(
  blockId: string,
  label: string,
  options: { readonly multiline?: boolean; readonly hint?: string; readonly initial?: string } = {},
): Block {
  return {
    type: "input",
    block_id: blockId,
    label: { type: "plain_text", text: label },
    ...(options.hint === undefined ? {} : { hint: { type: "plain_text", text: options.hint } }),
    element: {
      type: "plain_text_input",
      action_id: ACTIONS.input,
      multiline: options.multiline === true,
      ...(options.initial === undefined ? {} : { initial_value: options.initial }),
      max_length: 1000,
    },
  };
}

/** Reads what a modal remembers; undefined when it is nothing of ours. */
export function readMemory(text: string): ModalMemory | undefined {
  try {
    return ModalMemory.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Gives where a modal was opened, for answers to the person. */
export function placeOf(memory: ModalMemory): Place {
  return { channel: memory.channel, threadTs: memory.thread };
}

/** Gives the memory of a place. */
export function memoryOf(place: Place): Pick<ModalMemory, "channel" | "thread"> {
  return place.threadTs === undefined ? { channel: place.channel } : { channel: place.channel, thread: place.threadTs };
}

/** Writes the hash of a plan so that it survives the search for secrets: a bare SHA-256 has the form of a key share. */
export function writePlan(planHash: string): string {
  return `sha256:${planHash}`;
}

/** Reads the hash of the plan that the person was shown. */
export function readPlan({ plan }: ModalMemory): string {
  return plan.replace(/^sha256:/u, "");
}

/** The memory of a modal that is about nothing yet. */
export const NO_MEMORY = {
  runId: "",
  what: "",
  plan: "",
  runbook: "",
  digest: "",
  alert: "",
  dryRun: false,
  drill: false,
  inputs: {},
} as const;
