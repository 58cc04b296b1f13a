import { approvedBy, markedDoneBy, type Scene } from "./carry-out.ts";

/** Two people agree to the seal; where a node gave no word afterwards, one of them looks at its machine and says so. */
export const sealedByTwo: Scene = async (moment) => {
  const { run } = moment.loaded;
  const unknown = run.status === "open" && run.phase.name === "unknown";
  await (
    unknown ? markedDoneBy("bob", "looked at the machine of whoever does not answer") : approvedBy("bob", "carol")
  )(moment);
};
