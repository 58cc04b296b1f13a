import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { canonicalJson, type Json } from "../lib/json.ts";
import type { Plan } from "./run.ts";

/**
 * Hashes what a yes is bound to (SHA-256, hex): the step, the resolved call and what the action was declared to be, the target's identity,
 * the runbook's digest, and the value of every precondition. Texts and explanations are not in it.
 */
export function planHash(step: string, plan: Plan): string {
  const { call, danger, effect, cluster, clusterId = null, runbookDigest } = plan;
  const facts = [...plan.preconditions]
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, ok, value }) => ({ name, ok, value }));
  const bound = { step, call: asJson(call), danger, effect, cluster, clusterId, runbookDigest, facts };
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(bound))));
}

/** Says in words how a plan differs from the one that was approved: empty when nobody's yes is lost. */
export function planDifferences(approved: Plan, now: Plan): readonly string[] {
  const differences: string[] = [];
  if (!same(asJson(approved.call), asJson(now.call))) differences.push("the call is another");
  if (approved.danger !== now.danger || approved.effect !== now.effect)
    differences.push("the action was declared anew");
  if (approved.cluster !== now.cluster || approved.clusterId !== now.clusterId) {
    differences.push(
      `the cluster is another (${approved.clusterId ?? "unknown"} before, ${now.clusterId ?? "unknown"} now)`,
    );
  }
  if (approved.runbookDigest !== now.runbookDigest) differences.push("the runbook's text is another");
  differences.push(...preconditionDifferences(approved, now));
  // Whatever the words above do not tell (two facts of one name): the hash has the last word.
  const isSame = planHash("", approved) === planHash("", now);
  return differences.length > 0 || isSame ? differences : ["the facts are others"];
}

function preconditionDifferences(approved: Plan, now: Plan): readonly string[] {
  const before = new Map(approved.preconditions.map((precondition) => [precondition.name, precondition]));
  const after = new Map(now.preconditions.map((precondition) => [precondition.name, precondition]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const was = before.get(name);
    const is = after.get(name);
    if (was === undefined) return [`new precondition: ${is?.text ?? name}`];
    if (is === undefined) return [`precondition gone: ${was.text}`];
    return was.ok === is.ok && same(was.value, is.value) ? [] : [`was: ${was.text}; is now: ${is.text}`];
  });
}

function same(left: Json, right: Json): boolean {
  return canonicalJson(left) === canonicalJson(right);
}

function asJson(call: Plan["call"]): Json {
  return { name: call.name, with: call.with };
}
