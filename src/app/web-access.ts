import { stat } from "node:fs/promises";
import { loadWebConfig, type WebConfig } from "../config/web-config.ts";
import { keepLastGood, type LastGood, type Loading } from "../document/last-good.ts";
import type { WebAccess } from "../http/web-access.ts";
import type { Clock } from "../lib/clock.ts";
import { FailureError } from "../lib/failure.ts";
import { formatFinding } from "../lib/finding.ts";
import type { Logger } from "../lib/logger.ts";

/** A web configuration that is followed: its access, and how its last load went. */
export type FollowedWebConfig = WebAccess & Pick<LastGood<WebConfig>, "status" | "reload">;

/** Loads a web configuration and follows it; throws reason `refused`, with everything that is wrong, when it is not good. */
export async function openWebAccess(file: string, clock: Clock, logger: Logger): Promise<FollowedWebConfig> {
  const loading = await loadWebConfig(file);
  if (!loading.ok) {
    const message = `cannot protect the server: ${loading.findings.map(formatFinding).join("; ")}`;
    throw new FailureError({ reason: "refused", retryable: false, message });
  }
  if (loading.value.asksForHttp2) logger.warn("http2 is not spoken; clients get HTTP/1.1", { file });
  return followWebConfig({ file, first: loading.value, clock, logger });
}

/** What follows a web configuration file. */
type FollowOptions = {
  readonly file: string;
  readonly first: WebConfig;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** A file that is not there yet, and that no known file tells of, is looked for again after so long. */
const RETRY_MS = 5000;

/** Follows a web configuration file and the certificates that it names; what is not good leaves the last good one in place and is logged. */
function followWebConfig({ file, first, clock, logger }: FollowOptions): FollowedWebConfig {
  const held = keepLastGood({ first, clock, load: async () => sameKind(first, await loadWebConfig(file), file) });
  let seen: Promise<string> = signatureOf(first.files);
  let looking: Promise<void> | undefined;

  const reload = async (): Promise<Loading<WebConfig>> => {
    const loading = await held.reload();
    seen = signatureOf(held.current().files);
    if (loading.ok) logger.info("reloaded", { what: "web configuration" });
    else
      for (const finding of loading.findings)
        logger.error("not reloaded, the last good set stays", {
          what: "web configuration",
          finding: formatFinding(finding),
        });
    return loading;
  };

  const look = async (): Promise<void> => {
    const { successful, attemptedAt } = held.status();
    const isDue = !successful && clock.now() - attemptedAt >= RETRY_MS;
    if (isDue || (await seen) !== (await signatureOf(held.current().files))) await reload();
  };

  return {
    current: held.current,
    status: held.status,
    reload,
    // Whoever comes while somebody looks waits for the same look.
    freshen: async () => await (looking ??= look().finally(() => (looking = undefined))),
  };
}

/** Changes when any of the files does. The inode belongs to it: Kubernetes swaps mounted secrets by a symbolic link. */
async function signatureOf(files: readonly string[]): Promise<string> {
  const versions = await Promise.all(
    files.map(async (file) =>
      stat(file).then(
        ({ mtimeMs, ino, size }) => `${mtimeMs}/${ino}/${size}`,
        () => "missing",
      ),
    ),
  );
  return versions.join(" ");
}

/** A server that is running can neither begin nor end to speak TLS or to ask clients for certificates. To ignore that would let people in. */
function sameKind(first: WebConfig, loading: Loading<WebConfig>, file: string): Loading<WebConfig> {
  if (!loading.ok) return loading;
  const asks = ({ tls }: WebConfig): string => (tls === undefined ? "no TLS" : String(tls.clientAuth !== "none"));
  if (asks(first) === asks(loading.value)) return loading;
  const message = "TLS itself, and whether clients are asked for certificates, change only at the next start; restart";
  return { ok: false, findings: [{ file, line: 1, column: 1, rule: "needs-restart", message }] };
}
