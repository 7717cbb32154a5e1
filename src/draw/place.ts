import { Graph, layout } from "@dagrejs/dagre";
import { type Laid, laidBox, laidLabels } from "./lines.ts";
import type { Arrow, Box, Picture } from "./picture.ts";

export type Point = { readonly x: number; readonly y: number };

/** A box with its place: `x`, `y` of its upper left corner, in pixels. */
export type PlacedBox = Point & { readonly box: Box; readonly laid: Laid };

/** An arrow with its way from box to box, and the middle of what stands on it. */
export type PlacedArrow = {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
  readonly labels: (Point & { readonly laid: Laid }) | undefined;
};

export type Placed = {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly arrows: readonly PlacedArrow[];
};

const spacing = { nodesep: 36, ranksep: 54, edgesep: 24, marginx: 24, marginy: 24 } as const;

/** From this width on, in pixels, a picture that is twice as wide as high reads better from left to right. */
const wide = 1200;

/**
 * Gives every box and arrow of a picture its place: from top to bottom, or from left to right where that would be a
 * long strip. The same picture always gets the same places.
 */
export function place(picture: Picture): Placed {
  const down = placeTowards(picture, "TB");
  return down.width > wide && down.width > 2 * down.height ? placeTowards(picture, "LR") : down;
}

function placeTowards(picture: Picture, rankdir: "TB" | "LR"): Placed {
  const { language, boxes, arrows } = picture;
  const laid = boxes.map((box) => ({ box, laid: laidBox(box, language) }));
  const labelled = arrows.map((arrow) => ({ arrow, laid: laidLabels(arrow, language) }));
  const graph = new Graph({ multigraph: true });
  // Last first: where nothing else decides, dagre then leaves them in the order of the file.
  graph.setGraph({ ...spacing, rankdir });
  for (const {
    box,
    laid: { width, height },
  } of laid)
    graph.setNode(box.id, { width, height });
  for (const { arrow, laid: words } of labelled.toReversed()) {
    const size = words === undefined ? {} : { width: words.width, height: words.height, labelpos: "c" };
    graph.setEdge(arrow.from, arrow.to, size, arrow.kind);
  }
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: laid.map((one) => ({ ...one, ...cornerOf(graph.node(one.box.id), one.laid) })),
    arrows: labelled.map(({ arrow, laid: words }) => {
      const { points = [], x, y } = graph.edge(arrow.from, arrow.to, arrow.kind);
      const middle = x === undefined || y === undefined ? undefined : rounded({ x, y });
      return {
        arrow,
        points: points.map(rounded),
        labels: words === undefined || middle === undefined ? undefined : { ...middle, laid: words },
      };
    }),
  };
}

function cornerOf({ x = 0, y = 0 }: Partial<Point>, { width, height }: Laid): Point {
  return rounded({ x: x - width / 2, y: y - height / 2 });
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x), y: Math.round(y) };
}
