import { loadConfig } from "../../config/load.ts";
import { loadWebConfig } from "../../config/web-config.ts";
import { EXIT, type Io } from "../io.ts";
import { reportFindings } from "../report.ts";
import type { Env } from "../settings.ts";

/** Judges a configuration file with the code that the server runs; exit code 2 when it is not good. */
export async function configCheck(
  io: Io,
  file: string,
  { env, json }: { readonly env: Env; readonly json: boolean },
): Promise<number> {
  const loading = await loadConfig({ file, env });
  if (!loading.ok) {
    reportFindings(io, loading.findings, json);
    return EXIT.badInput;
  }
  const { webConfigFile } = loading.config.exporter;
  const web = webConfigFile === undefined ? undefined : await loadWebConfig(webConfigFile);
  if (web?.ok === false) {
    reportFindings(io, web.findings, json);
    return EXIT.badInput;
  }
  reportFindings(io, loading.warnings, json);
  if (!json)
    io.out(`${file}: good (${loading.config.clusters.length} cluster(s), ${loading.warnings.length} warning(s))`);
  return EXIT.fine;
}
