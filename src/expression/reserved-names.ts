/** Names that no variable and no field of an expression can have: CEL's own words, and the one such name that every JavaScript object has. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(
  "as break const constructor continue else false for function if import in let loop namespace null package prototype return true var void while".split(
    " ",
  ),
);

/** Names that no variable can have beside those: CEL's types and packages. A field may be called so. */
export const TYPE_NAMES: ReadonlySet<string> = new Set(
  "ast bool bytes cel double dyn google int list map null_type optional string type uint".split(" "),
);
