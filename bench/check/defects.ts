import { decisionDefects } from "./decision-defects.ts";
import type { Defect } from "./defect.ts";
import { flowDefects } from "./flow-defects.ts";
import { tableDefects } from "./table-defects.ts";
import { wordDefects } from "./word-defects.ts";

/** Every kind of defect that a check is held against. */
export const defects: readonly Defect[] = [
  ...flowDefects,
  ...decisionDefects,
  ...wordDefects,
  ...tableDefects,
];
