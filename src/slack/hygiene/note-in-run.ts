import type { Actor } from "../../access/person.ts";
import { toFailure } from "../../lib/failure.ts";
import { redact } from "../../lib/redact.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { Bot } from "../bot.ts";
import { KEYS } from "../ids.ts";
import { alertId } from "../sha256.ts";
import type { PersonMessage } from "./person-message.ts";

/** The program itself, as it stands in a timeline; a note takes the role responder. */
const SEALWATCH: Actor = { id: "sealwatch", name: "sealwatch", role: "responder", groups: [] };

/** More runs than this are never open; whoever looks does so once for a pasted secret. */
const OPEN_RUNS = 200;

type Noter = Pick<Bot, "runs" | "messages" | "logger">;

/** Writes into the timeline of the open run whose thread it is that a secret was pasted and its author told; never what, nor by whom. Never rejects. */
export async function noteInRun(
  bot: Noter,
  { channel, threadTs }: PersonMessage,
  { kind, wasTold }: { readonly kind: string; readonly wasTold: boolean },
): Promise<void> {
  if (threadTs === undefined) return;
  try {
    const outcome = wasTold ? "they were told to rotate it" : "they could not be told: ask them to rotate it";
    const text = `a person pasted something that looks like a ${kind} into this thread; ${outcome}`;
    for (const { run } of await bot.runs.list({ open: true, limit: OPEN_RUNS }))
      if (await hangsAt(bot, run, { channel, threadTs }))
        await bot.runs.ask({ type: "note", runId: run.id, by: SEALWATCH, text });
  } catch (error) {
    bot.logger.warn("cannot note in a run that a secret was pasted", { error: redact(toFailure(error).message) });
  }
}

/** A run hangs at its own card, or at the card of its alert. */
async function hangsAt(
  { messages }: Noter,
  { id, origin }: LoadedRun["run"],
  thread: { readonly channel: string; readonly threadTs: string },
): Promise<boolean> {
  const keys = [
    KEYS.runCard(id),
    ...(origin.alertGroup === undefined ? [] : [KEYS.alertCard(await alertId(origin.alertGroup))]),
  ];
  const roots = await Promise.all(keys.map(async (key) => await messages.get(key)));
  return roots.some((root) => root?.channel === thread.channel && root.ts === thread.threadTs);
}
