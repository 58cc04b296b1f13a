import { once } from "node:events";
import { startApp, type App, type ServeFlags } from "../../app/app.ts";
import { createLogger } from "../../app/logger.ts";
import type { Settings } from "../../app/load-settings.ts";
import { EXIT, type Io } from "../io.ts";
import type { Env } from "../settings.ts";

/** Runs the server until SIGTERM or SIGINT; SIGHUP loads configuration and runbooks anew. */
export async function serve(io: Io, settings: Settings, env: Env, flags: ServeFlags = {}): Promise<number> {
  const logger = createLogger(settings.config.log.level);
  // Heard from the beginning: a signal during the start ends the program in order, once it has started.
  let app: App | undefined;
  const asked = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  // Nor does one that asks for a reload end it: what is being started is the newest there is.
  process.on("SIGHUP", () => void app?.reload());
  app = await startApp({ settings, env, logger, flags });
  io.err(`sealwatch listens on ${app.address} (metrics: ${app.address}/metrics)`);
  await asked;
  logger.info("stopping");
  await app.stop();
  return EXIT.fine;
}
