import { exhaustive } from "./exhaustive.ts";

/** What a call can do to a cluster, weakest first (design.md section 5). */
export const DANGERS = ["observe", "reversible", "disruptive", "destructive"] as const;

/** One of `DANGERS`. */
export type Danger = (typeof DANGERS)[number];

/** GateDemand is what must be true before a call of a danger is made. A runbook may ask for more, never for less. */
export type GateDemand = {
  /** Different people who approve; the starter is never one of them when `notTheStarter`. */
  readonly approvals: number;
  readonly notTheStarter: boolean;
  /** Each approver types the cluster's name. */
  readonly typedPhrase: boolean;
  readonly expiresMs: number;
};

const MINUTE_MS = 60_000;

/** Says what a danger demands: nothing, one responder, one approver, or two approvers who type the cluster's name. */
export function gateDemand(danger: Danger): GateDemand {
  switch (danger) {
    case "observe":
      return { approvals: 0, notTheStarter: false, typedPhrase: false, expiresMs: 0 };
    case "reversible":
      return { approvals: 1, notTheStarter: false, typedPhrase: false, expiresMs: 30 * MINUTE_MS };
    case "disruptive":
      return { approvals: 1, notTheStarter: true, typedPhrase: false, expiresMs: 30 * MINUTE_MS };
    case "destructive":
      return { approvals: 2, notTheStarter: true, typedPhrase: true, expiresMs: 15 * MINUTE_MS };
    default:
      return exhaustive(danger);
  }
}
