import type { ScriptTurn } from "./script.ts";

type Lines = readonly string[];

/** What the commands need of the one who plays. */
export type Playing = {
  readonly take: (turn: ScriptTurn) => Promise<Lines>;
  readonly tap: (number: string) => Promise<Lines>;
  readonly back: () => Promise<Lines>;
  readonly open: (flow: string) => Promise<Lines>;
  readonly why: () => Lines;
  readonly state: () => Lines;
  readonly save: (name: string, about: string) => Lines;
};

/** What can be typed. */
export const playHelp: readonly string[] = [
  "Type what a person would write, or a button's number. Besides:",
  "  :back         one question back",
  "  :tap 2        tap a button by its number or letter, or by an answer's name",
  "  :open <flow>  open a flow, as a button that offers it does",
  "  :start        write /start",
  "  :media        send a picture",
  "  :wait 3d      let time pass (d, h, m); what falls due in it comes",
  "  :state        all that is known now",
  "  :why          what led to the last message: steps, rows, results, facts and their sources",
  "  :save <name> [what it is about]  keep it as a golden conversation",
  "  :quit",
];

/** What begins with a colon, by its name. */
export const playCommands: Readonly<
  Record<string, (player: Playing, rest: string) => Promise<readonly string[]>>
> = {
  back: (player) => player.back(),
  tap: (player, rest) => player.tap(rest),
  open: (player, rest) => player.open(rest),
  start: (player) => player.take({ start: "" }),
  media: (player) => player.take({ media: true }),
  wait: async (player, rest) =>
    /^\d{1,4}[dhm]$/.test(rest) ? player.take({ wait: rest }) : ["Write how long: 3d, 12h or 30m."],
  state: async (player) => player.state(),
  why: async (player) => player.why(),
  save: async (player, rest) => {
    const [name = "", ...about] = rest.split(" ");
    return player.save(name, about.join(" "));
  },
  help: async () => playHelp,
};
