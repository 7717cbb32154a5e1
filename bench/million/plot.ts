/** One line over the number of contacts. */
export type Series = {
  readonly title: string;
  readonly values: readonly number[];
};

const width = 640;
const panel = { left: 64, right: 24, height: 150, gap: 56, top: 34 };
const ink = "#57606a";
const colours = ["#0969da", "#bc4c00", "#1a7f37"];

/** Draws series over a logarithmic number of contacts, each in a panel of its own that begins at zero. */
export function plot(contacts: readonly number[], series: readonly Series[]): string {
  const height = panel.top + series.length * (panel.height + panel.gap);
  const panels = series.map((one, at) => drawPanel(contacts, one, at));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="${ink}">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${panels.join("\n")}
</svg>
`;
}

function drawPanel(contacts: readonly number[], { title, values }: Series, at: number): string {
  const top = panel.top + at * (panel.height + panel.gap);
  const bottom = top + panel.height;
  const most = niceAbove(Math.max(...values));
  const x = (count: number) =>
    rounded(panel.left + share(contacts, count) * (width - panel.left - panel.right));
  const y = (value: number) => rounded(bottom - (value / most) * panel.height);
  const colour = colours[at % colours.length] ?? ink;
  const points = contacts.map((count, index) => ({
    x: x(count),
    y: y(values[index] ?? 0),
    value: values[index] ?? 0,
  }));
  const grid = [0, most / 2, most].map(
    (
      value,
    ) => `<line x1="${panel.left}" x2="${width - panel.right}" y1="${y(value)}" y2="${y(value)}" stroke="#d0d7de"/>
<text x="${panel.left - 8}" y="${y(value) + 4}" text-anchor="end">${written(value)}</text>`,
  );
  const ticks = contacts.map(
    (count) =>
      `<text x="${x(count)}" y="${bottom + 18}" text-anchor="middle">${count.toLocaleString("en-US")}</text>`,
  );
  const dots = points.map(
    (point) => `<circle cx="${point.x}" cy="${point.y}" r="4" fill="${colour}"/>
<text x="${point.x}" y="${point.y - 9}" text-anchor="middle" fill="${colour}">${written(point.value)}</text>`,
  );
  const line = points.map((point) => `${point.x},${point.y}`).join(" ");
  return [
    `<text x="${panel.left}" y="${top - 14}" font-weight="bold">${title}</text>`,
    ...grid,
    ...ticks,
    `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...dots,
  ].join("\n");
}

/** Where a number stands between the first and the last, by its logarithm, with room at both ends. */
function share(contacts: readonly number[], count: number): number {
  const first = Math.log(contacts[0] ?? 1);
  const last = Math.log(contacts.at(-1) ?? 1);
  return 0.05 + (last > first ? (Math.log(count) - first) / (last - first) : 0.5) * 0.9;
}

/** The next of 1, 2, 5, 10, 20 … with room above the highest point. */
function niceAbove(value: number): number {
  const wanted = Math.max(value * 1.15, 1e-9);
  const power = 10 ** Math.floor(Math.log10(wanted));
  return ([1, 2, 5, 10].find((step) => step * power >= wanted) ?? 10) * power;
}

function written(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Math.round(value * 100) / 100);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
