import type { Wanted } from "../../render/content.ts";
import { digestOf, isPartial, partial } from "../digest.ts";
import { edit, type Standing } from "../edit.ts";
import type { Records } from "../ledger.ts";
import { batchOf } from "../merge.ts";
import type { Rank } from "../pace/lane.ts";
import { EDIT_LANE, postLane } from "../pace/lanes.ts";
import { post } from "../post.ts";
import type { Sender, Thread } from "../sender.ts";
import type { Step } from "./plan.ts";

/** Progress is shown at most this often in one message. */
const GAP_MS = 1500;

/** A subject's messages as they should be, and as they are known to be. */
export type Wish = {
  /** Names the subject in the ids of its steps. */
  readonly subject: string;
  /** In the order in which they are posted. */
  readonly wanted: readonly Wanted[];
  readonly records: Records;
  /** Where a message belongs; the first one of a run may be a thread's root. */
  readonly threadOf: (wanted: Wanted) => Thread;
  /** Among messages of the same rank the lowest is first. */
  readonly order: number;
  readonly rankOf: (wanted: Wanted) => Rank;
};

/**
 * Gives the steps that make messages true: the first post that is missing (nothing overtakes in a thread, and what waits behind a gate's
 * question goes with it), and every edit.
 */
export async function threadSteps(sender: Sender, wish: Wish): Promise<readonly Step[]> {
  const { subject, wanted, records, threadOf } = wish;
  const missing = wanted.filter(({ key }) => records.get(key)?.ts === undefined);
  const inThread = missing.filter(({ channel }) => channel === undefined);
  const elsewhere = missing.filter(({ channel }) => channel !== undefined);
  const [head] = inThread;
  const edits = await Promise.all(wanted.map(async (message) => await editStep(sender, wish, message)));
  return [
    ...(head === undefined ? [] : [postStep(sender, wish, { id: subject, missing: inThread, thread: threadOf(head) })]),
    ...elsewhere.map((message) => {
      const place = { channel: message.channel ?? "", threadTs: undefined };
      const thread: Thread = { ...threadOf(message), place, root: undefined };
      return postStep(sender, wish, { id: message.key, missing: [message], thread });
    }),
    ...edits.flat(),
  ];
}

/** Messages that are posted one after another, and where. */
type Queue = { readonly id: string; readonly missing: readonly Wanted[]; readonly thread: Thread };

function postStep(sender: Sender, { records, rankOf, order }: Wish, { id, missing, thread }: Queue): Step {
  const batch = batchOf(missing);
  return {
    id: `post:${id}`,
    lane: postLane(thread.place.channel),
    rank: Math.min(...missing.map(rankOf)) as Rank,
    order,
    notBefore: 0,
    carryOut: async () => await post(sender, { batch, thread, records }),
  };
}

async function editStep(sender: Sender, wish: Wish, wanted: Wanted): Promise<readonly Step[]> {
  const { records, threadOf, rankOf, order } = wish;
  const { recent } = sender;
  const record = records.get(wanted.key);
  if (record?.ts === undefined) return [];
  const standing: Standing = { ...record, ts: record.ts };
  const digest = await digestOf(wanted);
  if (record.digest === digest || (wanted.mode === "once" && !isPartial(record.digest))) return [];
  const isWaiting = record.digest === partial(digest);
  const gap = wanted.urgent === true ? 0 : GAP_MS;
  return [
    {
      id: `edit:${wanted.key}`,
      lane: EDIT_LANE,
      rank: isWaiting ? 2 : rankOf(wanted),
      order,
      notBefore: isWaiting ? (recent.expectedAt(wanted.key) ?? 0) : (recent.sentAt(wanted.key) ?? 0) + gap,
      carryOut: async () => await edit(sender, { record: standing, wanted, thread: threadOf(wanted) }),
    },
  ];
}
