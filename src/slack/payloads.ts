import { z } from "zod";

const User = z.object({ id: z.string() });

/** A slash command, as far as we read it. */
export const CommandBody = z.object({
  text: z.string().default(""),
  user_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string(),
});

/** A pressed button (`block_actions`), as far as we read it. */
export const ClickBody = z.object({
  user: User,
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().default("") })).min(1),
});

const InputState = z.object({
  value: z.string().nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
});

/** A submitted modal (`view_submission`), as far as we read it. */
export const SubmitBody = z.object({
  user: User,
  view: z.object({
    callback_id: z.string(),
    private_metadata: z.string().default(""),
    blocks: z.array(z.object({ type: z.string(), block_id: z.string().optional() })).default([]),
    state: z.object({ values: z.record(z.string(), z.record(z.string(), InputState)) }),
  }),
});

export type CommandBody = z.infer<typeof CommandBody>;
export type ClickBody = z.infer<typeof ClickBody>;
export type SubmitBody = z.infer<typeof SubmitBody>;

/** Reads the value of an input, typed or chosen; undefined when it is empty. */
export function inputValue(body: SubmitBody, blockId: string): string | undefined {
  const [state] = Object.values(body.view.state.values[blockId] ?? {});
  const value = (state?.selected_option?.value ?? state?.value ?? "").trim();
  return value === "" ? undefined : value;
}
