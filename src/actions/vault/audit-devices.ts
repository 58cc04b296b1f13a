import { z } from "zod";
import { sysAudit } from "../../vault/endpoints/sys-audit.ts";
import { defineCheck } from "../action.ts";
import { nodeRead } from "../node-read.ts";

/** More audit devices than anybody has. */
const MOST = 20;

/** Lists the audit devices. Where the only one fails, every request fails; their options may hold secrets and are not read. */
export const auditDevices = defineCheck({
  name: "vault.audit-devices",
  summary: "List the audit devices",
  input: z.strictObject({}),
  output: z.object({
    count: z.int(),
    /** `file`, `socket`, `syslog` …, each once. */
    types: z.array(z.string()),
    /** At most 20 of them; `path` has a slash at its end: `file/`. */
    devices: z.array(z.object({ path: z.string(), type: z.string() })),
  }),
  policy: [{ path: "sys/audit", capabilities: ["read", "sudo"] }],
  read: async (context) => {
    const active = await context.cluster.activeNode(nodeRead(context));
    const devices = await active.read(sysAudit, nodeRead(context));
    return {
      count: devices.length,
      types: [...new Set(devices.map(({ type }) => type))].sort().slice(0, MOST),
      devices: devices.slice(0, MOST).map(({ path, type }) => ({ path, type })),
    };
  },
});
