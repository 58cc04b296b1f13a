/** How far behind the leader a node may be and still count as caught up, in raft entries: one under load is always some behind. */
export const MAX_LAG = 100;
