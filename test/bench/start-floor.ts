/*
 * The floor of test/bench/start.ts: `node start-floor.ts PORT` is the least program that answers `/-/ready` and shows the metrics of its process.
 */
import { createServer } from "node:http";
import { collectDefaultMetrics, register } from "prom-client";

collectDefaultMetrics();
createServer(({ url }, response) => {
  if (url === "/metrics") void register.metrics().then((text) => response.end(text));
  else response.end("ready\n");
}).listen(Number(process.argv[2]), "127.0.0.1");
