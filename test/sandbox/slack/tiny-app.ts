import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as the tiny app got it. */
export type Got = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly signed: boolean };

/** What the tiny app answers; `undefined` is never. */
export type Reply =
  { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> } | undefined;

/** An app behind a Request URL that keeps what it gets. */
export type TinyApp = AsyncDisposable & { readonly url: string; readonly got: readonly Got[] };

/** Starts an app that checks signatures by Slack's published recipe and answers as told. */
export async function startTinyApp(
  secret: string,
  reply: (got: Got) => Reply = () => ({ status: 200 }),
): Promise<TinyApp> {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const timestamp = String(request.headers["x-slack-request-timestamp"]);
      const mac = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
      const item = { headers: request.headers, body, signed: request.headers["x-slack-signature"] === `v0=${mac}` };
      got.push(item);
      const answer = reply(item);
      if (answer !== undefined) response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    got,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
