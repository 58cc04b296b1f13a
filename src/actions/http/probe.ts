import { z } from "zod";
import { defineCheck } from "../action.ts";
import { requiredService } from "../required-service.ts";

/** Asks a URL that the configuration names, without any token, and tells nothing of its answer but the code and the time. */
export const probe = defineCheck({
  name: "http.probe",
  summary: "Ask a configured URL whether it answers",
  input: z.strictObject({ target: z.string().min(1) }),
  output: z.object({
    /** It answered in HTTP, with whatever code. */
    reached: z.boolean(),
    /** The code is 200 to 299; a redirect is not followed. */
    ok: z.boolean(),
    /** 0 when it was not reached. */
    status: z.int(),
    milliseconds: z.int(),
    /** Why it was not reached; empty when it was. */
    failure: z.string(),
  }),
  policy: [],
  read: async ({ services, signal }, { target }) => {
    const probes = requiredService(services.httpProbes, {
      task: `probe ${target}`,
      lack: "no target is configured",
      advice: "name it under probes",
    });
    const { reached, status, milliseconds, failure } = await probes.probe(target, { signal });
    const ok = reached && status >= 200 && status < 300;
    return { reached, ok, status, milliseconds: Math.round(milliseconds), failure };
  },
});
