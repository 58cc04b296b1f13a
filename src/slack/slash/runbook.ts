import { suggestion } from "../../lib/nearest.ts";
import type { Runbook } from "../../runbook/schema.ts";
import type { Bot } from "../bot.ts";
import { startRunModal, type StartHow } from "../modals/start-run.ts";
import { context, say, section, type Content } from "../render/content.ts";
import { code, escape } from "../render/mrkdwn.ts";
import { missingInputs, withDefaults, type Inputs } from "../run-inputs.ts";
import { unknownCluster } from "./status.ts";
import type { Subcommand, Typed } from "./subcommand.ts";

/** Lists the runbooks, or starts one: at once when every input is given, else after a form for those that are missing. */
export const runbook: Subcommand = {
  usage: "runbook [id] [cluster] [node] [input=value …] [--dry-run] [--drill]",
  summary: "list the runbooks, or start one",
  open: false,
  answer: async (bot, typed) => {
    const [id, ...all] = typed.words;
    if (id === undefined) return listRunbooks(bot);
    const found = bot.catalog().get(id)?.runbook;
    if (found === undefined)
      return say(`There is no runbook ${code(id)}${escape(suggestion(id, [...bot.catalog().keys()]))}`);
    const { words, flags } = splitFlags(all);
    const stray = flags.find((flag) => !FLAGS.includes(flag));
    if (stray !== undefined) return say(`There is no ${code(stray)}${escape(suggestion(stray, FLAGS))}`);
    const how = { dryRun: flags.includes("--dry-run"), drill: flags.includes("--drill") };
    const read = readInputs(found, words);
    if ("refusal" in read) return say(read.refusal);
    return checkNames(bot, found, read.inputs) ?? (await start(bot, typed, { found, given: read.inputs, how }));
  },
};

function listRunbooks({ catalog }: Bot): Content {
  const lines = [...catalog().values()].map(
    ({ runbook: { id, title, alerts } }) =>
      `• ${code(id)} ${escape(title)}${alerts.length === 0 ? "" : ` · answers ${alerts.map(code).join(", ")}`}`,
  );
  if (lines.length === 0) return say("There are no runbooks.");
  // One section a dozen lines: a section holds 3,000 characters.
  const blocks = Array.from({ length: Math.ceil(lines.length / 12) }, (_, index) =>
    section(lines.slice(index * 12, index * 12 + 12).join("\n")),
  );
  return {
    text: "Runbooks",
    blocks: [...blocks, context("start one with `/vault runbook <id> [cluster] [node] [input=value …]`")],
  };
}

async function start(
  bot: Bot,
  { actor, triggerId }: Typed,
  { found, given, how }: { readonly found: Runbook; readonly given: Inputs; readonly how: StartHow },
): Promise<Content | undefined> {
  const inputs = withDefaults(found, given, bot.clusters);
  if (missingInputs(found, inputs).length > 0) {
    const place = { channel: bot.channel, threadTs: undefined };
    await bot.outgoing.openView(
      triggerId,
      startRunModal({ runbook: found, inputs, clusters: bot.clusters, place, alertGroup: undefined, how }),
    );
    return undefined;
  }
  const answer = await bot.runs.start({
    runbook: found.id,
    inputs,
    by: actor,
    origin: { surface: "slack" },
    ...(how.dryRun && { dryRun: true }),
    ...(how.drill && { drill: true }),
  });
  const what = how.dryRun ? "dry run" : how.drill ? "drill" : "run";
  return say(
    answer.ok ? `Started ${what} ${code(answer.runId)}: its card is in <#${bot.channel}>.` : escape(answer.why),
  );
}

const FLAGS: readonly string[] = ["--dry-run", "--drill"];

/** Slack makes a dash of two hyphens where people type on a phone. */
function splitFlags(all: readonly string[]): { readonly words: readonly string[]; readonly flags: readonly string[] } {
  const plain = all.map((word) => word.replace(/^[\u2013\u2014]/u, "--"));
  const isFlag = (word: string): boolean => word.startsWith("--");
  return { words: plain.filter((word) => !isFlag(word)), flags: plain.filter(isFlag) };
}

const NAMED = /^(?<name>[a-z][a-z0-9_]*)=(?<value>.*)$/u;

type Read = { readonly inputs: Inputs } | { readonly refusal: string };

/** Reads `cluster node key=value`: bare words fill the inputs of type cluster and node that no word names, in that order. */
function readInputs(found: Runbook, words: readonly string[]): Read {
  const names = Object.keys(found.inputs);
  const named = words.flatMap((word): [string, string][] => {
    const groups = NAMED.exec(word)?.groups;
    return groups === undefined ? [] : [[groups["name"] ?? "", groups["value"] ?? ""]];
  });
  const stray = named.find(([name]) => found.inputs[name] === undefined)?.[0];
  if (stray !== undefined)
    return { refusal: `Runbook ${code(found.id)} has no input ${code(stray)}${escape(suggestion(stray, names))}` };
  const inputs = Object.fromEntries(named);
  const free = [...ofType(found, "cluster"), ...ofType(found, "node")].filter((name) => inputs[name] === undefined);
  const bare = words.filter((word) => !NAMED.test(word));
  const extra = bare[free.length];
  if (extra !== undefined)
    return { refusal: `${code(extra)} is one word too many. Write other inputs as ${code("input=value")}.` };
  return { inputs: { ...inputs, ...Object.fromEntries(bare.map((word, index) => [free[index] ?? "", word])) } };
}

function ofType(found: Runbook, type: "cluster" | "node"): readonly string[] {
  return Object.keys(found.inputs).filter((name) => found.inputs[name]?.type === type);
}

/** Says early, and with the nearest name, what the run service would refuse. */
function checkNames({ clusters }: Bot, found: Runbook, inputs: Inputs): Content | undefined {
  for (const [name, value] of Object.entries(inputs)) {
    if (found.inputs[name]?.type === "cluster" && !clusters.some((cluster) => cluster.name === value))
      return unknownCluster(value, clusters);
    const nodes = clusters.flatMap((cluster) => cluster.nodes.map((node) => node.name));
    if (found.inputs[name]?.type === "node" && !nodes.includes(value))
      return say(`There is no node ${code(value)}${escape(suggestion(value, nodes))}`);
  }
  return undefined;
}
