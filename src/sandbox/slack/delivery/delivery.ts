import type { Part } from "../part.ts";

/** What became of an interaction: the app's ack with its payload, or Slack's "dispatch_failed". */
export type Delivery = { readonly outcome: "acked"; readonly payload: Part } | { readonly outcome: "dispatch_failed" };

/** The kinds of envelopes of Socket Mode; requests over HTTP carry the same payloads. */
export type EnvelopeKind = "slash_commands" | "interactive" | "events_api";

/** Which delivery of the same event this is, and why there is another one. */
export type Retry = { readonly num: number; readonly reason: string };

/** Something on its way to the app. */
export type Envelope = { readonly kind: EnvelopeKind; readonly payload: Part; readonly retry?: Retry };

/** One try to deliver: an ack, or Slack's reason why there is none (`x-slack-retry-reason`); `noRetry` when the app asked for no more. */
export type Attempt =
  | { readonly outcome: "acked"; readonly payload: Part }
  | { readonly outcome: "failed"; readonly reason: string; readonly noRetry: boolean };

/** Transport carries envelopes to the app, once each or, with `twice`, twice each at the same time. It never rejects. */
export type Transport = { readonly attempt: (envelope: Envelope, twice: boolean) => Promise<Attempt> };

/** Says that a try failed. */
export function failed(reason: string, noRetry = false): Attempt {
  return { outcome: "failed", reason, noRetry };
}

/** Gives the better of two deliveries of one thing: the first that was acked. */
export async function firstAcked(first: Promise<Attempt>, second: Promise<Attempt>): Promise<Attempt> {
  const [one, other] = await Promise.all([first, second]);
  return one.outcome === "acked" ? one : other;
}
