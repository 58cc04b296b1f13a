import { z } from "zod";
import { FailureError } from "../../lib/failure.ts";
import type { PolicyRule } from "../../lib/vault-policy.ts";
import type { VaultNode } from "../../vault/cluster.ts";
import { declaredAuditDevices } from "../../vault/endpoints/audit-declared.ts";
import { sysAudit, type AuditDevice } from "../../vault/endpoints/sys-audit.ts";
import { tokenLookupSelf } from "../../vault/endpoints/token-lookup-self.ts";
import { readActive, readActivePreconditions } from "../active-preconditions.ts";
import type { ActionContext, Precondition, Probe } from "../action.ts";
import { defineAction } from "../action.ts";
import { nodeRead } from "../node-read.ts";
import { orUnknown } from "../or-unknown.ts";
import { readPermittedPrecondition } from "../permitted-precondition.ts";
import { refusedCall } from "../refused-call.ts";

const NAME = "vault.audit-disable";

/** A path as `sys/audit` has it, with or without the slash at its end. */
const Device = z.string().regex(/^[\w-]+(?:\/[\w-]+)*\/?$/u, "the path of an audit device, like file/");

/**
 * Takes an audit device away. Vault answers a request only when one device at least has written it, and stops wholly when none can; so the
 * last one is never taken, and a device that blocks cannot be taken by a call that it blocks.
 */
export const auditDisable = defineAction({
  name: NAME,
  summary: "Disable an audit device while another works",
  danger: "destructive",
  effect: "once",
  input: z.strictObject({ device: Device }),
  output: z.object({ disabled: z.string() }),
  policy: [
    { path: "sys/audit", capabilities: ["read", "sudo"] },
    { path: "sys/config/state/sanitized", capabilities: ["read"] },
    { path: "auth/token/lookup-self", capabilities: ["read"] },
  ],
  grants: [{ path: "sys/audit/*", capabilities: ["delete", "sudo"] }],
  explain: ({ device }) => ({
    call: `DELETE sys/audit/${bare(device)} on the active node`,
    cost: `EVIDENCE IS LOST: nothing is written to ${device} any more, and its HMAC salt is gone, so that what it wrote can never be matched with a token, an accessor or a secret again.`,
    proof: `The list of sys/audit does not have ${device}.`,
  }),
  preconditions: async (context, { device }) =>
    await readActivePreconditions(context, async (active) => await readFacts(context, active, device)),
  perform: async (context, { device }) => {
    const active = await readActive(context);
    const devices = await active.read(sysAudit, nodeRead(context));
    if (!devices.some(isCalled(device)))
      throw refusedCall(`cannot disable ${device}: there is no such audit device; list them again`);
    if (devices.length < 2)
      throw refusedCall(`cannot disable ${device}: it is the only audit device; enable another first`);
    await active.disableAuditDevice(bare(device), { signal: context.signal });
    return { disabled: bare(device) };
  },
  probe: async (context, { device }) => await orUnknown(context, async () => await lookAtDevices(context, device)),
  verifyWithinMs: 10_000,
});

async function readFacts(context: ActionContext, active: VaultNode, device: string): Promise<readonly Precondition[]> {
  const call: PolicyRule = { path: `sys/audit/${bare(device)}`, capabilities: ["delete", "sudo"] };
  const [devices, declared, writes, permitted] = await Promise.all([
    active.read(sysAudit, nodeRead(context)),
    readDeclared(context, active),
    readsAudited(context, active),
    readPermittedPrecondition(context, active, [call], NAME),
  ]);
  const others = devices.filter((each) => !isCalled(device)(each));
  return [
    deviceFact(device, devices.find(isCalled(device))),
    anotherFact(device, others),
    writesFact(writes),
    declaredFact(device, declared),
    permitted,
  ];
}

function deviceFact(device: string, found: AuditDevice | undefined): Precondition {
  const text =
    found === undefined
      ? `there is no audit device ${device}`
      : `${found.path} is an audit device of type ${found.type}`;
  return {
    name: "device",
    ok: found !== undefined,
    value: found === undefined ? null : { path: found.path, type: found.type },
    text,
  };
}

function anotherFact(device: string, others: readonly AuditDevice[]): Precondition {
  const names = others.map(({ path }) => path).sort();
  const text =
    names.length === 0
      ? `${device} is the only audit device: without it nothing is written down`
      : `these go on: ${names.join(", ")}; look that each of them grows, because Vault does not tell which device wrote`;
  return { name: "another", ok: names.length > 0, value: names, text };
}

/** A read is answered when one device at least wrote it down; which one, Vault does not tell. */
function writesFact(failure: FailureError | undefined): Precondition {
  const text =
    failure === undefined
      ? "a read that is audited was answered just now: one device at least writes"
      : `a read that is audited was not answered (${failure.reason}): no device may be writing, and this call would hang too`;
  return { name: "writes", ok: failure === undefined, value: failure === undefined, text };
}

function declaredFact(device: string, declared: readonly string[] | undefined): Precondition {
  if (declared === undefined)
    return {
      name: "by-api",
      ok: true,
      value: "unseen",
      text: "it could not be seen whether the server's configuration file declares it, which forbids the call",
    };
  const inFile = declared.some((path) => bare(path) === bare(device));
  const text = inFile
    ? `the server's configuration file declares ${device}, so OpenBao refuses the call: take it out of the file on every node and send SIGHUP`
    : `no configuration file declares ${device}`;
  return { name: "by-api", ok: !inFile, value: inFile ? "declared" : "free", text };
}

async function lookAtDevices(context: ActionContext, device: string): Promise<Probe> {
  const active = await readActive(context);
  const devices = await active.read(sysAudit, nodeRead(context));
  const names = devices.map(({ path }) => path).join(", ") || "none";
  return {
    verdict: devices.some(isCalled(device)) ? "not-done" : "done",
    evidence: `audit devices on ${active.name}: ${names}`,
  };
}

/** Vault has no such list, and a policy may lack it. */
async function readDeclared(context: ActionContext, active: VaultNode): Promise<readonly string[] | undefined> {
  try {
    return await active.read(declaredAuditDevices, nodeRead(context));
  } catch (error) {
    if (error instanceof FailureError && (error.reason === "denied" || error.reason === "not-found")) return undefined;
    throw error;
  }
}

async function readsAudited(context: ActionContext, active: VaultNode): Promise<FailureError | undefined> {
  try {
    await active.read(tokenLookupSelf, nodeRead(context));
    return undefined;
  } catch (error) {
    if (context.signal.aborted || !(error instanceof FailureError)) throw error;
    return error;
  }
}

function isCalled(device: string) {
  return ({ path }: AuditDevice): boolean => bare(path) === bare(device);
}

function bare(path: string): string {
  return path.replace(/\/$/u, "");
}
