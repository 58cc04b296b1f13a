import type { Runbook } from "../../runbook/schema.ts";

/**
 * Finds the runbooks in which every word stands: in the id, the title, the alerts or the meaning. Those come first whose id or title
 * says it; no words find all of them.
 */
export function searchRunbooks(runbooks: readonly Runbook[], words: readonly string[]): readonly Runbook[] {
  const wanted = words.map((word) => word.toLowerCase());
  return runbooks
    .flatMap((runbook) => {
      const rank = rankOf(runbook, wanted);
      return rank === undefined ? [] : [{ runbook, rank }];
    })
    .sort((left, right) => left.rank - right.rank || (left.runbook.id < right.runbook.id ? -1 : 1))
    .map(({ runbook }) => runbook);
}

/** Lower is nearer; undefined when a word stands nowhere. */
function rankOf({ id, title, alerts, meaning }: Runbook, words: readonly string[]): number | undefined {
  const places = [id, title, alerts.join(" "), meaning].map((text) => text.toLowerCase());
  const ranks = words.map((word) => (id === word ? -1 : places.findIndex((place) => place.includes(word))));
  const isMissing = words.some((_word, index) => ranks[index] === -1 && id !== words[index]);
  return isMissing ? undefined : Math.max(-1, ...ranks);
}
