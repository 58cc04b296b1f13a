import { z } from "zod";
import { Runbook } from "./schema.ts";

/** Gives the JSON Schema of a runbook file (draft 2020-12), for editors and for the published documentation. */
export function runbookJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(Runbook, { io: "input" });
  return { $schema, title: "sealwatch runbook", ...schema };
}
