/** The id of the runbook of the rolling restart. */
export const RUNBOOK = "rolling";

/** What each run revokes: a lease is below it. */
export const PREFIX = "database/creds/readonly";

/** People are asked five times: work, one yes, two who type the name, work again, and one more yes. */
export const RUNBOOK_TEXT = `
id: ${RUNBOOK}
title: Questions during a rolling restart
meaning: Replicas are replaced one by one while people answer.
impact: None.
verify: Every step's own proof.
escalate: Nobody.
rollback: None.
inputs:
  cluster: { type: cluster }
steps:
  - id: ready
    title: Get ready
    manual: Say when you are ready.
  - id: limit
    title: Limit the storm
    do: vault.rate-limit-quota-set
    with: { name: storm, path: database/, rate: 5 }
  - id: revoke
    title: Revoke what was lent
    do: vault.revoke-prefix
    with: { prefix: ${PREFIX} }
  - id: look
    title: Look at the graphs
    manual: Say when they are quiet.
  - id: lift
    title: Lift the limit
    do: vault.rate-limit-quota-clear
    with: { name: storm }
`;
