import { expect, it } from "@jest/globals";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { waitFor } from "../../src/sandbox/wait-for.ts";
import { startAlertmanager } from "../support/alertmanager.ts";
import { startPrometheus } from "../support/prometheus.ts";
import { describeWith } from "../support/real.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

type Received = { readonly authorization: string | undefined; readonly body: Notification };
type Notification = { readonly status: string; readonly alerts: { readonly labels: Record<string, string> }[] };

/** A page with one gauge at `/metrics`, and a webhook that keeps what it was sent. */
async function startPeer(): Promise<
  AsyncDisposable & { port: number; received: Received[]; set: (value: number) => void }
> {
  const received: Received[] = [];
  let gauge = 1;
  const server = createServer((request, response) => {
    if (request.url === "/metrics") {
      response.end(`# TYPE broken gauge\nbroken ${gauge}\n`);
      return;
    }
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => {
      received.push({ authorization: request.headers.authorization, body: JSON.parse(text) as Notification });
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  const { port } = server.address() as AddressInfo;
  return { port, received, set: (value) => (gauge = value), [Symbol.asyncDispose]: close };
}

const rules = (expression: string): string =>
  JSON.stringify({
    groups: [{ name: "test", rules: [{ alert: "Broken", expr: expression, labels: { severity: "page" } }] }],
  });

describeWith(["prometheus", "alertmanager"], "Prometheus with Alertmanager", () => {
  it("scrapes, fires, tells the webhook with the bearer token, and tells it again when the alert is over", async () => {
    await using directory = await temporaryDirectory();
    await using peer = await startPeer();
    const rule = join(directory.path, "broken.rules.yaml");
    await writeFile(rule, rules("broken == 1"));
    await using alertmanager = await startAlertmanager({
      directory: directory.path,
      webhookUrl: `http://127.0.0.1:${peer.port}/alertmanager`,
      bearerToken: "a-token-of-this-test",
      groupBy: ["alertname"],
    });
    await using prometheus = await startPrometheus({
      directory: directory.path,
      scrape: [{ job: "peer", targets: [`127.0.0.1:${peer.port}`] }],
      rules: [rule],
      alertmanager: alertmanager.address,
    });

    const [alert] = await prometheus.waitForAlert("Broken", "firing");
    expect(alert?.labels).toMatchObject({ severity: "page", job: "peer" });
    const [first] = await waitFor("the webhook", async () => (peer.received.length > 0 ? peer.received : undefined));
    expect(first).toMatchObject({ authorization: "Bearer a-token-of-this-test", body: { status: "firing" } });
    expect(await alertmanager.alerts()).toMatchObject([
      { labels: { alertname: "Broken" }, status: { state: "active" } },
    ]);

    peer.set(0);
    await prometheus.waitForAlert("Broken", "inactive");
    await waitFor("the resolved notification", async () =>
      peer.received.some(({ body }) => body.status === "resolved") ? true : undefined,
    );
    expect(await prometheus.query("broken")).toMatchObject([{ metric: { job: "peer" }, value: 0 }]);
    expect(await prometheus.query("scalar(broken) + 1")).toEqual([{ metric: {}, value: 1 }]);
  });

  it("reads changed rules on reload", async () => {
    await using directory = await temporaryDirectory();
    const rule = join(directory.path, "broken.rules.yaml");
    await writeFile(rule, rules("vector(1) > 2"));
    await using prometheus = await startPrometheus({ directory: directory.path, scrape: [], rules: [rule] });
    await prometheus.waitForAlert("Broken", "inactive");
    await writeFile(rule, rules("vector(1) > 0"));
    await prometheus.reload();
    expect(await prometheus.waitForAlert("Broken", "firing")).toHaveLength(1);
  });

  it("shows Prometheus' own words when a rule file is broken", async () => {
    await using directory = await temporaryDirectory();
    const rule = join(directory.path, "broken.rules.yaml");
    await writeFile(rule, rules("this is no expression"));
    await expect(startPrometheus({ directory: directory.path, scrape: [], rules: [rule] })).rejects.toThrow(
      /cannot start prometheus: it ended \(code \d\).*could not parse expression/su,
    );
  });
});
