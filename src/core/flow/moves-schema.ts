import { z } from "zod";
import { flowName, name } from "./name-schema.ts";

/** What has another name than before: people who are in the middle go on under the new one, and notice nothing. */
export const renamed = z
  .strictObject({
    flows: z.array(flowName).default([]).describe("this flow's earlier names"),
    steps: z
      .record(name, name)
      .default({})
      .describe("a step's old name, or another value's, and the name it has now"),
    options: z
      .record(name, z.record(name, name))
      .default({})
      .describe("by the question's name of now: an answer's old name, and the one it has now"),
    outcomes: z.record(name, name).default({}).describe("an outcome's old name, and the one it has now"),
  })
  .prefault({})
  .describe("what had another name before");

/** What is no more, and where those go on who waited there: they are told that the questions have changed. */
export const retired = z
  .strictObject({
    flows: z.array(flowName).default([]).describe("flows that are no more: who was in one begins this one"),
    steps: z
      .record(name, name)
      .default({})
      .describe("a step that is no more, and the one where people go on who waited there"),
  })
  .prefault({})
  .describe("what is no more, and where people go on");
