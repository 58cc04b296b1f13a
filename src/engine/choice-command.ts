import { shellWord } from "../lib/shell-word.ts";
import type { RunChoice, RunView } from "./view.ts";

/** The subcommand of the terminal for each choice. */
const NAMES: Readonly<Record<RunChoice, string>> = {
  approve: "approve",
  reject: "reject",
  answer: "answer",
  "confirm-manual": "confirm",
  retry: "retry",
  reopen: "reopen",
  skip: "skip",
  "mark-done": "mark-done",
  abort: "abort",
};

const WITH_REASON: ReadonlySet<RunChoice> = new Set(["reject", "skip", "mark-done", "abort"]);

/** How many characters of a plan's hash people compare. */
const SHORT_HASH = 12;

/** Writes what is typed in a terminal for a choice, with placeholders in capitals for what only the person knows. */
export function choiceCommand(choice: RunChoice, { id, gate, choices }: RunView): string {
  const about = (choice === "approve" || choice === "reject") && gate !== undefined ? ` ${shellWord(gate.id)}` : "";
  const begin = `sealwatch ${NAMES[choice]} ${shellWord(id)}${about}`;
  if (choice === "answer") return `${begin} VALUE`;
  if (choice === "approve" && gate !== undefined) {
    const phrase = gate.phrase === undefined ? "" : ` --phrase ${shellWord(gate.phrase)}`;
    return `${begin} --plan ${gate.planHash.slice(0, SHORT_HASH)}${phrase}`;
  }
  // Nobody knows what the call did: every decision then needs a reason.
  const isUnknown = choice === "retry" && choices.includes("mark-done");
  return WITH_REASON.has(choice) || isUnknown ? `${begin} --reason 'WHY'` : begin;
}
