/** The slash command. */
export const COMMAND = "/vault";

/** Every `action_id`: a fixed name; what it is about stands in the button's value. */
export const ACTIONS = {
  openRunbook: "sealwatch.alert.open",
  approve: "sealwatch.gate.approve",
  reject: "sealwatch.gate.reject",
  manualDone: "sealwatch.manual.done",
  retry: "sealwatch.step.retry",
  skip: "sealwatch.step.skip",
  markDone: "sealwatch.step.mark-done",
  abort: "sealwatch.run.abort",
  answer: "sealwatch.step.answer",
  takeOver: "sealwatch.run.take-over",
  breakGlass: "sealwatch.gate.break-glass",
  /** The element inside every input block. */
  input: "sealwatch.input",
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
  runInput: (name: string): string => `sealwatch.input.${name}`,
} as const;

/** `event_type` of the metadata by which our own messages can be found again. */
export const METADATA_TYPE = "sealwatch_message";

/** The keys of messages in the message store. */
export const KEYS = {
  alert: (alertId: string): string => `alert:${alertId}/`,
  alertCard: (alertId: string): string => `alert:${alertId}/card`,
  alertAgain: (alertId: string, startsAt: number): string => `alert:${alertId}/again:${startsAt}`,
  run: (runId: string): string => `run:${runId}/`,
  runCard: (runId: string): string => `run:${runId}/card`,
  note: (runId: string, index: number): string => `run:${runId}/note:${index}`,
  step: (runId: string, step: string, attempt: number): string => `run:${runId}/step:${step}:${attempt}`,
  gate: (runId: string, gateId: string): string => `run:${runId}/gate:${gateId}`,
  /** A message with buttons: closed when it is no longer wanted. `kind` and `step` can be read back with `parseOpenKey`. */
  open: (runId: string, kind: OpenKind, step: string, which: string): string => `run:${runId}/${kind}:${step}:${which}`,
  evidence: (runId: string, index: number): string => `run:${runId}/evidence:${index}`,
  end: (runId: string): string => `run:${runId}/end`,
} as const;

/** The kinds of messages that ask people something in one phase of a run, and close when it leaves that phase. */
export type OpenKind = "manual" | "stuck" | "unknown" | "asking" | "locked";

const OPEN_KEY = /^run:[^/]+\/(?<kind>manual|stuck|unknown|asking|locked):(?<step>[^:]+):/u;

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
