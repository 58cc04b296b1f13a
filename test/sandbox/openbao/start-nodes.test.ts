import { expect, it } from "@jest/globals";
import { once } from "node:events";
import { createServer } from "node:net";
import { createApiClient } from "../../../src/sandbox/openbao/api-client.ts";
import { findFreePorts } from "../../../src/sandbox/openbao/free-ports.ts";
import { startNodes } from "../../../src/sandbox/openbao/start-nodes.ts";
import type { NodesPlan } from "../../../src/sandbox/openbao/start-nodes.ts";
import { startOpenBao } from "../../../src/sandbox/openbao/start-openbao.ts";
import { requireBinary } from "../../support/binaries.ts";
import { describeWith } from "../../support/real.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const plan = async (directory: string): Promise<Omit<NodesPlan, "findPorts">> => ({
  binary: requireBinary("openbao"),
  directory,
  names: ["vault-0"],
  clusterName: "sandbox",
  authority: undefined,
  sealStanza: "",
  product: "openbao",
  api: await createApiClient(""),
  keys: { rootToken: "", shares: [], threshold: 0, autoUnseal: false },
  retryJoin: false,
  links: false,
  extraConfig: "",
});

describeWith(["openbao"], "starting the nodes of a cluster", () => {
  it("takes other ports when somebody else listens on the ones it chose", async () => {
    await using directory = await temporaryDirectory();
    const [taken = 0] = await findFreePorts(1);
    const squatter = createServer().listen(taken, "127.0.0.1");
    await once(squatter, "listening");
    const choices: number[][] = [];
    const findPorts = async (count: number): Promise<number[]> => {
      const ports = await findFreePorts(count);
      if (choices.length === 0) ports[0] = taken;
      choices.push(ports);
      return ports;
    };
    const { nodes } = await startNodes({ ...(await plan(directory.path)), findPorts });
    expect(choices).toHaveLength(2);
    expect(nodes[0]?.address).toBe(`http://127.0.0.1:${choices[1]?.[0]}`);
    await nodes[0]?.kill();
    squatter.close();
  });

  it("does not try again when the server itself refuses its configuration, and shows its words", async () => {
    await using directory = await temporaryDirectory();
    let tries = 0;
    const findPorts = (count: number): Promise<number[]> => (tries++, findFreePorts(count));
    const broken = { ...(await plan(directory.path)), sealStanza: 'seal "no-such-kind" {}', findPorts };
    await expect(startNodes(broken)).rejects.toThrow(/cannot start vault-0: the process ended.*no-such-kind/su);
    expect(tries).toBe(1);
  });

  it("says when the program is not there", async () => {
    await using directory = await temporaryDirectory();
    const options = { binary: "/no/such/bao", directory: directory.path, nodes: 1, tls: false } as const;
    await expect(startOpenBao(options)).rejects.toThrow(
      'cannot run "/no/such/bao version"; give the path of the bao or vault program itself',
    );
  });
});
