import { describePart } from "./describe-part.ts";

describePart(1, 3);
