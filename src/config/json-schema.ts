import { z } from "zod";
import { Config } from "./schema.ts";

/** Gives the JSON Schema of the configuration file (draft 2020-12), for editors and for the published documentation. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(Config, { io: "input" });
  return { $schema, title: "sealwatch configuration", ...schema };
}
