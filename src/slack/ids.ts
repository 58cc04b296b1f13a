/** The slash command. */
export const COMMAND = "/vault";

/** Every `action_id`: a fixed name; what it is about stands in the button's value. */
export const ACTIONS = {
  openRunbook: "sealwatch.alert.open",
  /** Opens a form for what the alert's labels do not give: known as such by its id, so that it opens before anything is read. */
  openRunbookForm: "sealwatch.alert.open-form",
  approve: "sealwatch.gate.approve",
  /** Approves a gate at which something is typed: known as such by its id, so that the form opens before anything is read. */
  confirmGate: "sealwatch.gate.confirm",
  reject: "sealwatch.gate.reject",
  manualDone: "sealwatch.manual.done",
  retry: "sealwatch.step.retry",
  /** Makes a call again of which nobody knows what it did: asks why first. */
  retryUnknown: "sealwatch.step.retry-unknown",
  skip: "sealwatch.step.skip",
  reopen: "sealwatch.run.reopen",
  markDone: "sealwatch.step.mark-done",
  abort: "sealwatch.run.abort",
  answer: "sealwatch.step.answer",
  takeOver: "sealwatch.run.take-over",
  breakGlass: "sealwatch.gate.break-glass",
  /** The element inside every input block. */
  input: "sealwatch.input",
  /** The cluster in the form that starts a runbook: choosing it changes which nodes are offered. */
  formCluster: "sealwatch.start.cluster",
  /** Opens the form of a runbook: the button's value, or what was chosen in a list that is searched, is its id. */
  pickRunbook: "sealwatch.runbook.pick",
  /** Deletes a message in which a secret was pasted. */
  deleteMessage: "sealwatch.message.delete",
} as const;

/** Every modal's `callback_id`. */
export const VIEWS = {
  confirmGate: "sealwatch.gate.confirm",
  rejectGate: "sealwatch.gate.reject",
  skip: "sealwatch.step.skip",
  markDone: "sealwatch.step.mark-done",
  abort: "sealwatch.run.abort",
  startRun: "sealwatch.run.start",
  retry: "sealwatch.step.retry",
  answer: "sealwatch.step.answer",
  breakGlass: "sealwatch.gate.break-glass",
} as const;

/** Every `block_id` of an input. */
export const BLOCKS = {
  phrase: "sealwatch.phrase",
  reason: "sealwatch.reason",
  answer: "sealwatch.answer",
  /** `part` is what the choices depend on: Slack keeps what was chosen as long as the id stays. */
  runInput: (name: string, part = ""): string => `sealwatch.input.${name}${part === "" ? "" : `:${part}`}`,
  runHow: "sealwatch.how",
} as const;

/** `event_type` of the metadata by which our own messages can be found again. */
export const METADATA_TYPE = "sealwatch_message";

/** The keys of messages in the message store. */
export const KEYS = {
  alert: (alertId: string): string => `alert:${alertId}/`,
  alertCard: (alertId: string): string => `alert:${alertId}/card`,
  /** Says in the thread of an alert's card that it is over. */
  alertResolved: (alertId: string, startsAt: number): string => `alert:${alertId}/resolved:${startsAt}`,
  alertAgain: (alertId: string, startsAt: number): string => `alert:${alertId}/again:${startsAt}`,
  run: (runId: string): string => `run:${runId}/`,
  runCard: (runId: string): string => `run:${runId}/card`,
  note: (runId: string, index: number): string => `run:${runId}/note:${index}`,
  step: (runId: string, step: string, attempt: number): string => `run:${runId}/step:${step}:${attempt}`,
  gate: (runId: string, gateId: string): string => `run:${runId}/gate:${gateId}`,
  /** A message with buttons: closed when it is no longer wanted. `kind` and `step` can be read back with `parseOpenKey`. */
  open: (runId: string, kind: OpenKind, step: string, which: string): string => `run:${runId}/${kind}:${step}:${which}`,
  /** The one reminder of a question, and the one message to who is told then; `question` is the key of its message. */
  reminder: (question: string): string => question.replace("/", "/remind:"),
  escalation: (question: string): string => question.replace("/", "/escalate:"),
  evidence: (runId: string, index: number): string => `run:${runId}/evidence:${index}`,
  /** An uploaded file, by the hash of what is in it. */
  file: (hash: string): string => `file:${hash}`,
  end: (runId: string): string => `run:${runId}/end`,
  /** What a person's Home last showed; it has no ts of Slack's, so the time of publishing stands there. */
  home: (memberId: string): string => `home:${memberId}/view`,
} as const;

/** The kinds of messages that ask people something in one phase of a run, and close when it leaves that phase. */
export type OpenKind = "manual" | "stuck" | "unknown" | "asking" | "locked" | "held";

const OPEN_KEY = /^run:[^/]+\/(?<kind>manual|stuck|unknown|asking|locked|held):(?<step>[^:]+):/u;

/** Reads kind and step from the key of a message with buttons; undefined for any other key. */
export function parseOpenKey(key: string): { readonly kind: OpenKind; readonly step: string } | undefined {
  const groups = OPEN_KEY.exec(key)?.groups;
  if (groups === undefined) return undefined;
  return { kind: groups["kind"] as OpenKind, step: groups["step"] ?? "" };
}

/** Writes a button's value: the run and what of it, both opaque. */
export function writeValue(runId: string, what: string): string {
  return `${runId}:${what}`;
}

/** Reads a button's value. */
export function readValue(value: string): { readonly runId: string; readonly what: string } {
  const at = value.indexOf(":");
  return at === -1 ? { runId: value, what: "" } : { runId: value.slice(0, at), what: value.slice(at + 1) };
}
