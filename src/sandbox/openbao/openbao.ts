import type { PortRange } from "./free-ports.ts";
import type { RaftLink } from "./raft-link.ts";

/** How the root key is protected. With `transit` another cluster is the KMS: stop it, or disable its key (`transit-key.ts`). */
export type OpenBaoSeal =
  | { readonly type: "shamir"; readonly shares?: number; readonly threshold?: number }
  | { readonly type: "static" }
  | { readonly type: "transit"; readonly from: OpenBaoCluster };

/** What a cluster is made of. */
export type OpenBaoOptions = {
  /** Path of `bao` (or `vault`): the program itself, not a script around it. */
  readonly binary: string;
  /** Data, logs, configuration and certificates go here. The caller makes it and removes it. */
  readonly directory: string;
  readonly nodes: 1 | 3 | 5;
  /** Default: Shamir, 3 shares, threshold 2. */
  readonly seal?: OpenBaoSeal;
  /** Nodes are called `<prefix>-0`, `<prefix>-1` …, in raft too. Default `vault`. */
  readonly namePrefix?: string;
  /** Initialise, unseal, and wait until every node is a voter and one leads. Default true. */
  readonly initialize?: boolean;
  /** Default `sandbox`. */
  readonly clusterName?: string;
  /** Default true, with a certificate authority of the cluster's own. */
  readonly tls?: boolean;
  /** Raft's traffic to each node goes through a link that can be cut and slowed (`node.link`). Default false. */
  readonly links?: boolean;
  /** Where its ports are. A node that was killed needs its own again: two that run at a time should not look in the same place. */
  readonly ports?: PortRange;
  /** HCL at the end of every node's configuration, for instance another audit device. */
  readonly extraConfig?: string;
};

/** Answer of a raw call: JSON bodies are parsed, other bodies are text, no body is undefined. */
export type OpenBaoAnswer = { readonly statusCode: number; readonly body: unknown };

/** One real server process on loopback, with every fault that can be done to it. */
export type OpenBaoNode = {
  readonly name: string;
  /** API address, `https://127.0.0.1:<port>`. */
  readonly address: string;
  readonly clusterAddress: string;
  readonly directory: string;
  /** The way by which the other nodes reach it; undefined without the option `links`. */
  readonly link: RaftLink | undefined;
  /** Undefined while the process does not run. */
  readonly pid: number | undefined;
  /** Ends the process and waits for its end. Default SIGKILL. Does nothing when it does not run. */
  readonly kill: (signal?: NodeJS.Signals) => Promise<void>;
  /** Freezes the process (SIGSTOP): connections open, nobody answers. */
  readonly suspend: () => void;
  /** Lets a frozen process go on (SIGCONT). */
  readonly resume: () => void;
  /**
   * Starts the process with the same configuration; waits until `sys/health` answers, with whatever code. Throws reason
   * `refused` with the end of the log when the process ends first, as it does after 8 s when its KMS cannot be reached.
   */
  readonly start: () => Promise<void>;
  /** The program of the next `start`, for an upgrade. */
  readonly useBinary: (binary: string) => void;
  /** Deletes the raft data of a process that does not run: the disk is lost. */
  readonly removeData: () => Promise<void>;
  /** Seals this node (`PUT sys/seal`) and waits until it says so. */
  readonly seal: () => Promise<void>;
  /** Waits until the node is unsealed: gives the cluster's shares; an auto-unsealed one does it by itself or is restarted. */
  readonly unseal: () => Promise<void>;
  /** Gives one key share (`PUT sys/unseal`). */
  readonly unsealWith: (share: string) => Promise<void>;
  /** Everything that the server logged since the cluster was made, over restarts. */
  readonly log: () => Promise<string>;
};

/** A cluster of real servers. Disposing of it is `stop()`, and closes the links. */
export type OpenBaoCluster = AsyncDisposable & {
  readonly name: string;
  readonly nodes: readonly OpenBaoNode[];
  /** PEM file of the certificate authority; empty without TLS. */
  readonly caFile: string;
  /** Empty until initialised. */
  readonly rootToken: string;
  /** Shares in base64; with auto-unseal these are recovery keys, which unseal nothing. */
  readonly unsealKeys: readonly string[];
  /** The node of that name; throws when there is none. */
  readonly node: (name: string) => OpenBaoNode;
  /** The node that calls itself leader now; waits for one. */
  readonly activeNode: () => Promise<OpenBaoNode>;
  /** Raw call to exactly this node, no redirect followed. `path` has no `/v1/`. Default token: root; `""` sends none. */
  readonly call: (
    node: OpenBaoNode,
    method: string,
    path: string,
    ...bodyAndToken: [body?: unknown, token?: string]
  ) => Promise<OpenBaoAnswer>;
  /** A service token with exactly this policy (HCL). */
  readonly createToken: (policyHcl: string) => Promise<string>;
  /** Kills every process. A node can be started again afterwards. */
  readonly stop: () => Promise<void>;
};
