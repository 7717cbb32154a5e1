import { rmSync } from "node:fs";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { copiesContract } from "./copies-contract.ts";

copiesContract("the SQLite store", async () => {
  const folder = newFolder();
  return {
    open: (clock) => openAt(folder, { clock }),
    remove: async () => rmSync(folder, { recursive: true }),
  };
});
