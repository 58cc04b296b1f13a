import { z } from "zod";
import { defineCheck } from "../action.ts";
import { requiredService } from "../required-service.ts";

/**
 * Reads a stored snapshot again to its end and compares every sum in it. Needs no Vault. Only a restore proves that it can be opened:
 * that takes the cluster's own key shares or key service. A file too large to be read in a step's time fails the step.
 */
export const snapshot = defineCheck({
  name: "backup.snapshot",
  summary: "Read a stored snapshot again",
  input: z.strictObject({
    /** Its file name, without a folder. */
    name: z.string(),
  }),
  output: z.object({
    /** It is there, and whole. */
    found: z.boolean(),
    /** Where it is looked for, in words. */
    place: z.string(),
    bytes: z.int(),
    /** Of the whole file, in hex. */
    sha256: z.string(),
    /** The raft index that it holds everything up to; 0 when it is not found. */
    index: z.int(),
  }),
  policy: [],
  read: async ({ cluster, services, signal }, { name }) => {
    const snapshots = requiredService(services.snapshots, {
      task: `look for the snapshot ${name} of ${cluster.name}`,
      lack: "nowhere is configured to keep snapshots",
      advice: "give the cluster a directory or a bucket in clusters[].backups",
    });
    const held = await snapshots.find(cluster.name, name, { signal });
    return {
      found: held !== undefined,
      place: snapshots.describe(cluster.name) ?? "",
      bytes: held?.bytes ?? 0,
      sha256: held?.sha256 ?? "",
      index: held?.index ?? 0,
    };
  },
});
