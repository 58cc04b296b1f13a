import { z } from "zod";
import { defineCheck, type ActionContext } from "../action.ts";
import { namedBy, readLeaderWords, type LeaderWord } from "../leader-word.ts";
import { MAX_LAG } from "../max-lag.ts";
import { readNodeState } from "../node-state.ts";
import { pause } from "../pause.ts";

const Names = z.array(z.string());
const Time = z.coerce.date().transform((time) => time.getTime());

/** Three looks in five seconds; with nodes that hang, and take two seconds a look, in seven. */
const LOOKS = 3;
const EVERY_MS = 2500;
const SHORTEST_MS = 500;

/**
 * Looks three times in five seconds who says who leads. One look cannot tell a leader from an election, nor a leader that stays from one that
 * is lost and comes back: since when it is active tells both. Works without a token.
 */
export const stability = defineCheck({
  name: "vault.stability",
  summary: "Watch for seconds who leads, by every node's word",
  input: z.strictObject({}),
  output: z.object({
    /** In every look exactly one node called itself active, the same one, since the same moment. */
    stable: z.boolean(),
    /** A node calls itself active at the last look. */
    known: z.boolean(),
    /** Its name, of two the one that became active last; empty when not known. */
    leader: z.string(),
    /** For how long, by its own clock; 0 when it does not tell. */
    leads_seconds: z.int(),
    looks: z.int(),
    /** Looks at which nobody called itself active. */
    leaderless_looks: z.int(),
    /** How often the lead was lost, taken or begun anew between two looks. */
    changes: z.int(),
    /** Most nodes that called themselves active at once. */
    most_active: z.int(),
    /** Whoever called itself active, in the order in which they were seen. */
    leader_names: Names,
    /** Nodes that answered at the last look (sealed ones cannot). */
    answering_names: Names,
    /** Of these, those that name another leader than `leader`, or none. A dead leader is named until there is another. */
    disagreeing_names: Names,
    /** Highest index that a node has applied, and the nodes that have it: they hold most of the data. 0 when nobody tells. */
    newest_index: z.int(),
    newest_names: Names,
    /** Nodes that are more than 100 entries behind that. */
    behind_names: Names,
    /** What each node says, in words, by the last look. */
    words: Names,
  }),
  policy: [],
  read: async (context) => {
    const looks = [await look(context)];
    while (looks.length < LOOKS) looks.push(await lookAgain(context, looks.at(-1)));
    const last = looks.at(-1)?.words ?? [];
    const leads = looks.map(({ words }) => leadOf(words));
    const leader = leads.at(-1)?.name ?? "";
    const told = last.filter(({ said }) => said !== undefined);
    return {
      ...judgeLeads(leads),
      known: leader !== "",
      leader,
      leads_seconds: await leadsSeconds(context, last, leader),
      most_active: Math.max(...looks.map(({ words }) => claims(words).length)),
      answering_names: told.map(({ node }) => node.name),
      disagreeing_names: told.filter((word) => namedBy(word, last) !== leader).map(({ node }) => node.name),
      ...judgeIndexes(told),
      words: last.map((word) => wordsOf(word, last)),
    };
  },
});

type Look = { readonly at: number; readonly words: readonly LeaderWord[] };

/** Who leads at one look, and since when: both empty when nobody does. Two that claim it are a lead that is not settled. */
type Lead = { readonly name: string; readonly since: string; readonly alone: boolean };

async function look(context: ActionContext): Promise<Look> {
  return { at: context.clock.now(), words: await readLeaderWords(context) };
}

async function lookAgain(context: ActionContext, before: Look | undefined): Promise<Look> {
  const passed = before === undefined ? 0 : context.clock.now() - before.at;
  await pause(context, Math.max(SHORTEST_MS, EVERY_MS - passed));
  return await look(context);
}

function claims(words: readonly LeaderWord[]): readonly Omit<Lead, "alone">[] {
  const own = words.filter(({ said }) => said?.isSelf === true);
  return own
    .map(({ node, said }) => ({ name: node.name, since: said?.activeTime ?? "" }))
    .toSorted((left, right) => right.since.localeCompare(left.since));
}

function leadOf(words: readonly LeaderWord[]): Lead {
  const [latest = { name: "", since: "" }, ...others] = claims(words);
  return { ...latest, alone: latest.name !== "" && others.length === 0 };
}

function judgeLeads(leads: readonly Lead[]) {
  const changes = leads.filter((lead, at) => {
    const before = leads[at - 1];
    return before !== undefined && (before.name !== lead.name || before.since !== lead.since);
  }).length;
  return {
    stable: changes === 0 && leads.every(({ alone }) => alone),
    looks: leads.length,
    leaderless_looks: leads.filter(({ name }) => name === "").length,
    changes,
    leader_names: [...new Set(leads.flatMap(({ name }) => (name === "" ? [] : [name])))],
  };
}

/** Both times are of the leader's clock, so that ours does not matter; it tells whole seconds. */
async function leadsSeconds(context: ActionContext, words: readonly LeaderWord[], leader: string): Promise<number> {
  const word = words.find(({ node }) => node.name === leader);
  if (word?.said?.activeTime === undefined) return 0;
  const { health } = await readNodeState(context, word.node);
  if (health === undefined) return 0;
  return Math.max(0, Math.floor(health.serverTimeSeconds - Time.parse(word.said.activeTime) / 1000));
}

function judgeIndexes(told: readonly LeaderWord[]) {
  const known = told.flatMap(({ node, said }) =>
    said?.raftAppliedIndex === undefined ? [] : [{ name: node.name, index: said.raftAppliedIndex }],
  );
  const newest = Math.max(0, ...known.map(({ index }) => index));
  const namesOf = (wanted: (index: number) => boolean): string[] =>
    known.filter(({ index }) => wanted(index)).map(({ name }) => name);
  return {
    newest_index: newest,
    newest_names: namesOf((index) => index === newest),
    behind_names: namesOf((index) => index < newest - MAX_LAG),
  };
}

function wordsOf(word: LeaderWord, words: readonly LeaderWord[]): string {
  const { node, said } = word;
  if (said === undefined) return `${node.name} does not say (sealed, or silent)`;
  const named = namedBy(word, words);
  const names = said.isSelf ? "leads" : named === "" ? "knows no leader" : `names ${named}`;
  return `${node.name} ${names}, index ${said.raftAppliedIndex ?? "unknown"}`;
}
