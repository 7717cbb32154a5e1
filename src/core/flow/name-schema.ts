import { z } from "zod";

/** Names of steps, options, outcomes, commands …: lower case words joined by hyphens (and dots for another flow's answer). */
export const name = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "use lower-case words joined by hyphens, like `danger-now`");

/** A flow's name: its path below `flows/` without the ending. */
export const flowName = z
  .string()
  .regex(
    /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/,
    "use the file's path below flows/ without .yaml, like `screening/start`",
  );
