import { expect, it } from "@jest/globals";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { findFreePorts } from "../../../src/sandbox/openbao/free-ports.ts";
import { startRaftNetwork } from "../../../src/sandbox/openbao/raft-link.ts";
import { waitFor } from "../../../src/sandbox/wait-for.ts";
import { openBaoForTest } from "../../support/openbao.ts";
import { describeWith } from "../../support/real.ts";

it("passes bytes on both ways, in order; a cut breaks what is open and what comes, until it is mended", async () => {
  const echo = createServer((socket) => socket.pipe(socket));
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  const [port = 0] = await findFreePorts(1);
  const target = (echo.address() as AddressInfo).port;
  const network = await startRaftNetwork([{ name: "vault-0", port, target, pid: () => undefined }]);
  const link = network.links.get("vault-0");

  const first = connect(port, "127.0.0.1");
  link?.delay(5);
  first.write("one ");
  first.write("two");
  expect(await readText(first, 7)).toBe("one two");
  link?.cut();
  await once(first, "close");
  const second = connect(port, "127.0.0.1");
  second.on("error", () => {});
  await once(second, "close");
  link?.mend();
  const third = connect(port, "127.0.0.1");
  third.write("three");
  expect(await readText(third, 5)).toBe("three");
  await network.close();
  echo.close();
});

describeWith(["openbao"], "a cluster with links", () => {
  it("loses a voter whose link is cut, while its API answers, and has it back when the link is mended", async () => {
    await using cluster = await openBaoForTest({ nodes: 3, links: true });
    const leader = await cluster.activeNode();
    const standby = cluster.nodes.find((node) => node !== leader);
    standby?.link?.cut();
    await waitFor("an unhealthy voter", async () => (await healthy(standby?.name)) === false || undefined);
    expect((await cluster.call(standby ?? leader, "GET", "sys/seal-status")).statusCode).toBe(200);
    standby?.link?.mend();
    await waitFor("a healthy voter", async () => (await healthy(standby?.name)) === true || undefined);

    async function healthy(name: string | undefined): Promise<boolean | undefined> {
      const { body } = await cluster.call(leader, "GET", "sys/storage/raft/autopilot/state");
      const { data } = body as { data: { servers: Readonly<Record<string, { healthy: boolean }>> } };
      return data.servers[name ?? ""]?.healthy;
    }
  });
});

async function readText(socket: Socket, length: number): Promise<string> {
  let text = "";
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    text += String(bytes);
    if (text.length >= length) break;
  }
  return text;
}
