import { compare, compareLists, type Difference } from "./compare.ts";
import type { CrashPoint } from "./crash-point.ts";
import { factsOf } from "./facts.ts";
import type { Performance } from "./play.ts";
import type { Expectation } from "./test-file.ts";

/** Judges the play of a test: what went wrong in it, and what came out otherwise than was expected. */
export function judgePlay(played: Performance, expected: Expectation): readonly Difference[] {
  const problems = problemsIn(played);
  // What did not come to its end differs in everything after it: that would hide the reason.
  return problems.length > 0 ? problems : compare(expected, factsOf(played));
}

/**
 * Judges a play in which the program was killed by the one in which it was not: it ends the same way, or says honestly that nobody can tell;
 * nothing is called twice that may be called once; the chain is whole; and the run was not left lying.
 */
export function judgeCrash(played: Performance, whole: Performance): readonly Difference[] {
  const [before, after] = [factsOf(whole), factsOf(played)];
  const differences = [
    ...problemsIn(played),
    ...(played.crashed ? [] : [{ what: "crash", lines: ["the program was not killed: the play went another way"] }]),
    ...repeatedCalls(played, whole),
  ];
  if (played.leftToPeople) return differences;
  const { path, outcome, cluster } = before;
  // An aborted run looks at what it leaves behind for a limited time only, and says when that was too short.
  const wanted = ranOutOfTime(played) ? path.slice(0, after.path.length) : path;
  return [
    ...differences,
    ...compareLists("path", wanted, after.path),
    ...compareLists("outcome", [outcome], [after.outcome]),
    ...compareLists("cluster.members", cluster.members, after.cluster.members),
    ...compareLists("cluster.sealed", cluster.sealed, after.cluster.sealed),
  ];
}

/** Says where the program was killed, in words: the last thing that it stored, or its call. */
export function crashWords(point: CrashPoint, { lastWords }: Performance): string {
  if (point.kind === "call") return `at call ${point.number}, ${FATES[point.fate]}`;
  return `after append ${point.number}${lastWords === undefined ? "" : ` (${lastWords})`}`;
}

function ranOutOfTime({ run }: Performance): boolean {
  if (run?.status !== "finished" || run.cancelling === undefined) return false;
  return run.finishedAt >= run.cancelling.deadline;
}

const FATES = {
  lost: "before it reached the cluster",
  answered: "after it took effect and before its answer came",
  late: "while it was under way, to reach the cluster later",
} as const;

function repeatedCalls(played: Performance, whole: Performance): readonly Difference[] {
  const allowed = countOnce(whole);
  const lines = [...countOnce(played)].flatMap(([call, times]) =>
    times > (allowed.get(call) ?? 0)
      ? [`${call}: ${times} times, and ${allowed.get(call) ?? 0} without the crash`]
      : [],
  );
  return lines.length === 0 ? [] : [{ what: "repeated calls", lines }];
}

function countOnce({ calls }: Performance): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { once } of calls) if (once !== undefined) counts.set(once, (counts.get(once) ?? 0) + 1);
  return counts;
}

function problemsIn({ problems, brokenAt, holdsLock, run }: Performance): readonly Difference[] {
  return [
    ...(problems.length === 0 ? [] : [{ what: "play", lines: problems }]),
    ...(brokenAt === undefined ? [] : [{ what: "chain", lines: [`event ${brokenAt} does not fit the chain`] }]),
    ...(holdsLock && run?.status === "finished"
      ? [{ what: "lock", lines: ["the run ended and kept the cluster's lock"] }]
      : []),
    ...(run?.status === "open" && problems.length === 0 ? [{ what: "play", lines: ["the run was left open"] }] : []),
  ];
}
