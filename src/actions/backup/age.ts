import { z } from "zod";
import { defineCheck } from "../action.ts";
import { requiredService } from "../required-service.ts";

/** Tells how old the newest backup is, over all destinations of the cluster, as they were last listed. Needs no Vault. */
export const age = defineCheck({
  name: "backup.age",
  summary: "Tell how old the newest backup is",
  input: z.strictObject({}),
  output: z.object({
    /** A destination lists at least one finished backup. */
    known: z.boolean(),
    /** 0 when none is known. */
    age_seconds: z.int(),
    destination: z.string(),
  }),
  policy: [],
  read: async ({ cluster, clock, services, signal }) => {
    const backups = requiredService(services.backups, {
      task: `tell the age of ${cluster.name}'s backups`,
      lack: "this program watches no backups",
      advice: "list them in clusters[].backups",
    });
    const newest = await backups.newest(cluster.name, { signal });
    if (newest === undefined) return { known: false, age_seconds: 0, destination: "" };
    const seconds = Math.max(0, Math.floor((clock.now() - newest.at) / 1000));
    return { known: true, age_seconds: seconds, destination: newest.destination };
  },
});
