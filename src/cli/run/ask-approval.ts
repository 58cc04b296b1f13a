import { viewGate } from "../../engine/view.ts";
import type { LoadedRun } from "../../runner/ports.ts";
import type { Io } from "../io.ts";
import { gateLines } from "./render-run.ts";

/** How a yes is asked for. */
export type ApprovalQuestion = { readonly signal: AbortSignal; readonly breakGlass?: boolean };

/** Shows an open gate to whoever is about to say yes and gives what they type; undefined: they did not agree. */
export async function askApproval(
  io: Io,
  { phase }: Extract<LoadedRun["run"], { status: "open" }>,
  { signal, breakGlass = false }: ApprovalQuestion,
): Promise<string | undefined> {
  if (phase.name !== "gate") return "";
  const gate = viewGate(phase.gate);
  for (const line of gateLines(gate)) io.err(line);
  if (breakGlass)
    io.err(
      `  !!! BREAK-GLASS: you alone go past a gate that asks for ${gate.approvals}. Everybody will read it, with your reason.`,
    );
  const typesName = breakGlass || gate.phrase !== undefined;
  const question = typesName ? "  type the cluster's name to approve: " : "  type yes to approve: ";
  const typed = (await io.ask(question, signal))?.trim();
  if (typesName) return typed;
  return typed === "yes" ? "" : undefined;
}
