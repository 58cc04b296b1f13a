import type { Runbook } from "../../runbook/schema.ts";
import type { VaultCluster } from "../../vault/cluster.ts";
import type { Bot } from "../bot.ts";
import type { StartHow } from "../modals/start-run.ts";
import { missingInputs, withDefaults, type Inputs } from "../run-inputs.ts";
import { searchRunbooks } from "../suggest/search-runbooks.ts";
import { isNamed, readInputs } from "./read-inputs.ts";
import { meant, shown } from "./shown.ts";

/** What the words behind `/vault runbook` ask for. */
export type RunbookPlan =
  | { readonly kind: "list"; readonly runbooks: readonly Runbook[]; readonly words: readonly string[] }
  | { readonly kind: "refusal"; readonly text: string }
  | { readonly kind: "form" | "start"; readonly runbook: Runbook; readonly inputs: Inputs; readonly how: StartHow };

type Knows = Pick<Bot, "catalog" | "clusters">;

/**
 * Plans what to do from what is in memory alone: list, search, ask for what is missing, or start. A search that finds one runbook opens its
 * form, and never starts it: nobody named it.
 */
export function planRunbook(bot: Knows, words: readonly string[]): RunbookPlan {
  const { plain, flags } = splitFlags(words);
  const stray = flags.find((flag) => !FLAGS.includes(flag));
  if (stray !== undefined) return { kind: "refusal", text: `There is no ${shown(stray)}.${meant(stray, FLAGS)}` };
  const how = { dryRun: flags.includes("--dry-run"), drill: flags.includes("--drill") };
  const all = [...bot.catalog().values()].map(({ runbook }) => runbook);
  const [first, ...rest] = plain;
  if (first === undefined) return { kind: "list", runbooks: all, words: [] };
  const named = bot.catalog().get(first)?.runbook ?? bot.catalog().get(first.toLowerCase())?.runbook;
  if (named !== undefined) return planStart(bot, named, { words: rest, how, byName: true });
  const { searched, given } = splitSearch(plain, bot.clusters);
  const hits = searched.length === 0 ? [] : searchRunbooks(all, searched);
  const [hit, ...others] = hits;
  if (hit === undefined) return noRunbook(first, all);
  return others.length === 0
    ? planStart(bot, hit, { words: given, how, byName: false })
    : { kind: "list", runbooks: hits, words: searched };
}

type Asked = { readonly words: readonly string[]; readonly how: StartHow; readonly byName: boolean };

function planStart({ clusters }: Knows, runbook: Runbook, { words, how, byName }: Asked): RunbookPlan {
  const read = readInputs(runbook, words, clusters);
  if ("refusal" in read) return { kind: "refusal", text: read.refusal };
  const complete = withDefaults(runbook, read.inputs, clusters);
  const starts = byName && missingInputs(runbook, complete).length === 0;
  return starts
    ? { kind: "start", runbook, inputs: complete, how }
    : { kind: "form", runbook, inputs: read.inputs, how };
}

function noRunbook(first: string, all: readonly Runbook[]): RunbookPlan {
  const ids = all.map(({ id }) => id);
  const otherwise = "No title, alert or meaning has it either; `/vault runbook` lists all.";
  return { kind: "refusal", text: `There is no runbook ${shown(first)}.${meant(first, ids, otherwise)}` };
}

const FLAGS: readonly string[] = ["--dry-run", "--drill"];

function splitFlags(words: readonly string[]): {
  readonly plain: readonly string[];
  readonly flags: readonly string[];
} {
  const isFlag = (word: string): boolean => word.startsWith("--");
  return {
    plain: words.filter((word) => !isFlag(word)),
    flags: words.filter(isFlag).map((flag) => flag.toLowerCase()),
  };
}

/** In a search, names of clusters and nodes and `input=value` are for the form, and not searched for. */
function splitSearch(
  words: readonly string[],
  clusters: readonly VaultCluster[],
): { readonly searched: readonly string[]; readonly given: readonly string[] } {
  const known = new Set(
    clusters.flatMap(({ name, nodes }) => [name, ...nodes.map((node) => node.name)]).map((name) => name.toLowerCase()),
  );
  const isGiven = (word: string): boolean => isNamed(word) || known.has(word.toLowerCase());
  return { searched: words.filter((word) => !isGiven(word)), given: words.filter(isGiven) };
}
