import { z } from "zod";

const User = z.object({ id: z.string() });

/** A slash command, as far as we read it. */
export const CommandBody = z.object({
  text: z.string().default(""),
  user_id: z.string(),
  trigger_id: z.string(),
  response_url: z.string(),
});

const Chosen = z.object({ value: z.string() });

const InputState = z.object({
  value: z.string().nullish(),
  selected_option: Chosen.nullish(),
  selected_options: z.array(Chosen).nullish(),
});

/** What stands in the fields of a form, by `block_id` and then by `action_id`. */
const FormState = z.object({ values: z.record(z.string(), z.record(z.string(), InputState)).default({}) });

/** A form that lies open before somebody, as far as we read it. */
const OpenForm = z.object({
  id: z.string(),
  hash: z.string(),
  callback_id: z.string().default(""),
  private_metadata: z.string().default(""),
  state: FormState.default({ values: {} }),
});

/** A pressed button or a chosen option (`block_actions`), as far as we read it. */
export const ClickBody = z.object({
  user: User,
  trigger_id: z.string(),
  response_url: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ ts: z.string(), thread_ts: z.string().optional() }).optional(),
  /** Where it stands, also when the message was shown to one person alone. */
  container: z.object({ thread_ts: z.string().optional() }).optional(),
  /** The form in which it was pressed or chosen. */
  view: OpenForm.optional(),
  actions: z
    .array(z.object({ action_id: z.string(), value: z.string().default(""), selected_option: Chosen.nullish() }))
    .min(1),
});

/** Somebody types in a list that is searched (`block_suggestion`), as far as we read it. */
export const SuggestBody = z.object({
  user: User,
  action_id: z.string(),
  block_id: z.string().default(""),
  value: z.string().default(""),
  view: OpenForm.optional(),
});

/** A submitted modal (`view_submission`), as far as we read it. */
export const SubmitBody = z.object({
  user: User,
  trigger_id: z.string().optional(),
  view: z.object({
    id: z.string().default(""),
    hash: z.string().default(""),
    callback_id: z.string(),
    private_metadata: z.string().default(""),
    blocks: z.array(z.object({ type: z.string(), block_id: z.string().optional() })).default([]),
    state: FormState,
  }),
});

export type CommandBody = z.infer<typeof CommandBody>;
export type ClickBody = z.infer<typeof ClickBody>;
export type SubmitBody = z.infer<typeof SubmitBody>;
export type SuggestBody = z.infer<typeof SuggestBody>;
export type OpenForm = z.infer<typeof OpenForm>;
/** A body with fields that somebody filled in. */
export type Filled = { readonly view: { readonly state: z.infer<typeof FormState> } };

/** Reads the value of an input, typed or chosen; undefined when it is empty. */
export function inputValue(body: Filled, blockId: string): string | undefined {
  const [state] = Object.values(body.view.state.values[blockId] ?? {});
  const value = (state?.selected_option?.value ?? state?.value ?? "").trim();
  return value === "" ? undefined : value;
}
