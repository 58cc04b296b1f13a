import { canonicalJson, type Json } from "../lib/json.ts";
import type { Plan } from "./run.ts";

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
  return [...differences, ...preconditionDifferences(approved, now)];
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
