import { viewGate } from "../../engine/view.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { Io } from "../io.ts";
import { gateLines } from "./render-run.ts";

/** Shows an open gate to whoever is about to say yes and gives what they type; undefined: they did not agree. */
export async function askApproval(
  io: Io,
  { phase }: Extract<LoadedRun["run"], { status: "open" }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (phase.name !== "gate") return "";
  const gate = viewGate(phase.gate);
  for (const line of gateLines(gate)) io.err(line);
  const question = gate.phrase === undefined ? "  type yes to approve: " : "  type the cluster's name to approve: ";
  const typed = (await io.ask(question, signal))?.trim();
  if (gate.phrase !== undefined) return typed;
  return typed === "yes" ? "" : undefined;
}
