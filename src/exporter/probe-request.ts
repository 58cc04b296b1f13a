import { suggestion } from "../lib/nearest.ts";
import { DEFAULT_MODULE, type ExporterSetup, type ScrapeModule } from "./exporter-setup.ts";
import { findTarget, shown, type ProbeTarget } from "./probe-target.ts";

/** A scrape that was asked for: what, by which module, and whether with every call instead of for Prometheus. */
export type ProbeRequest = {
  readonly target: ProbeTarget;
  readonly moduleName: string;
  readonly module: ScrapeModule;
  readonly debug: boolean;
};

/** A request that can be met, or the sentence that says why it cannot. */
export type ProbeReading =
  { readonly ok: true; readonly request: ProbeRequest } | { readonly ok: false; readonly error: string };

const PARAMETERS = ["target", "module", "debug"];

/** Reads the query of `/probe`. Whatever is not configured is refused here, before anybody is called. */
export function readProbeRequest(query: Readonly<Record<string, unknown>>, setup: ExporterSetup): ProbeReading {
  const { target: asked, module: moduleName = DEFAULT_MODULE, debug = "false" } = query;
  const unknown = Object.keys(query).find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined)
    return refuse(`there is no parameter "${shown(unknown)}"${suggestion(shown(unknown), PARAMETERS)}`);
  if (typeof asked !== "string" || asked === "")
    return refuse("the query needs one target, the name of a cluster or of a node: /probe?target=NAME");
  if (typeof moduleName !== "string") return refuse("the query has several modules; name one");
  if (debug !== "true" && debug !== "false") return refuse("debug must be true or false");
  return findRequest({ asked, moduleName, debug: debug === "true" }, setup);
}

type Asked = { readonly asked: string; readonly moduleName: string; readonly debug: boolean };

function findRequest({ asked, moduleName, debug }: Asked, { clusters, modules }: ExporterSetup): ProbeReading {
  const found = findTarget(clusters, asked);
  if (!found.ok) return refuse(`"${shown(asked)}": ${found.why}`);
  const module = modules.get(moduleName);
  if (module === undefined)
    return refuse(`no module is called "${shown(moduleName)}"${suggestion(shown(moduleName), [...modules.keys()])}`);
  const fitting = fit(module, found.target);
  if (fitting.collectors.length === 0 && (fitting.passthrough?.mode ?? "off") === "off")
    return refuse(`module ${moduleName} has nothing for a single node; probe the cluster, or name another module`);
  return { ok: true, request: { target: found.target, moduleName, module: fitting, debug } };
}

/** One node can answer for itself only, and without a token. */
function fit(module: ScrapeModule, { node }: ProbeTarget): ScrapeModule {
  if (node === undefined) return module;
  return { ...module, collectors: module.collectors.filter(({ perNode = [] }) => perNode.length > 0) };
}

function refuse(why: string): ProbeReading {
  return { ok: false, error: `cannot probe ${why}` };
}
