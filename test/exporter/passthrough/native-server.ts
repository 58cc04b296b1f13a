import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Writes the answer to `sys/metrics`; it may leave it unfinished. */
export type AnswerMetrics = (response: ServerResponse, request: IncomingMessage) => void;

/** How a fake node behaves: `unanswering` takes connections and says nothing at all. */
export type NativeServerOptions = {
  readonly state: "active" | "standby" | "sealed" | "unanswering";
  readonly metrics: AnswerMetrics;
  readonly clusterId?: string;
};

/** A fake node over a real socket; it counts how often its metrics were read. Disposal ends it. */
export type NativeServer = AsyncDisposable & { readonly address: string; readonly reads: () => number };

/** Answers with a whole page. */
export function page(text: string | Buffer): AnswerMetrics {
  return (response) => {
    response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.end(text);
  };
}

/** Starts a fake node on a free port of 127.0.0.1: `sys/health`, `sys/seal-status`, `sys/leader`, and `sys/metrics` with a token. */
export async function startNativeServer(options: NativeServerOptions): Promise<NativeServer> {
  let reads = 0;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://node");
    if (options.state === "unanswering") return;
    if (pathname === "/v1/sys/metrics" && request.headers["x-vault-token"] !== undefined) {
      reads += 1;
      options.metrics(response, request);
      return;
    }
    const [code, body] = answer(options, pathname);
    response.writeHead(code, { "Content-Type": "application/json" }).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    reads: () => reads,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function answer({ state, clusterId = "id-1" }: NativeServerOptions, path: string): readonly [number, unknown] {
  const sealed = state === "sealed";
  const named = sealed ? {} : { cluster_id: clusterId, cluster_name: "c" };
  switch (path) {
    case "/v1/sys/health": {
      const code = sealed ? 503 : state === "active" ? 200 : 429;
      const standby = state !== "active";
      return [code, { initialized: true, sealed, standby, server_time_utc: 1, version: "2.7.2", ...named }];
    }
    case "/v1/sys/seal-status": {
      return [200, { type: "shamir", initialized: true, sealed, t: 3, n: 5, progress: 0, ...named }];
    }
    case "/v1/sys/leader": {
      if (sealed) return [503, { errors: ["Vault is sealed"] }];
      return [200, { ha_enabled: true, is_self: state === "active", active_time: "2026-11-22T00:00:00Z" }];
    }
    default: {
      return [404, { errors: [] }];
    }
  }
}
